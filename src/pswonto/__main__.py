"""Run the command line with `python -m pswonto`."""

from pswonto.cli import main

if __name__ == "__main__":
    main()
