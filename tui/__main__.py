"""``python -m tui`` is the installed command, wherever that was installed to."""

from tui.start import main

if __name__ == "__main__":
    main()
