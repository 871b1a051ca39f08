"""`python -m bot` runs the bot, as the Procfile does; arguments make it the whole command line."""

import sys

try:
    from bot.cli import main
except KeyboardInterrupt:  # Ctrl-C before the command line could listen for it
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["run"]))
