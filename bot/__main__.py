"""`python -m bot` and the `tocsin` command."""


def main() -> None:
    """Run the command line."""
    from bot.cli.commands import app

    app()


if __name__ == "__main__":
    main()
