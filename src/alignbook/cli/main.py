"""The command line: what can be asked, and how whatever goes wrong is told in one line.

Nothing heavy is imported before it is known what to do: help must come at once, and the number of BLAS threads must be
set before NumPy is loaded.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import alignbook
from alignbook import profile
from alignbook.profile import Profile

STAGES = "tokenizer, base, tuned, comparisons, reward, aligned, aligned-dpo; later evaluated, released"
SPEAKING = "base, tuned, aligned or aligned-dpo (default: aligned)"

DESCRIPTION = """\
The miniature assistant of the book, from raw text to release. What is trained is kept, and trained again only when its
code or its settings change."""

EXAMPLES = """\
examples:
  alignbook train                                        train the assistant as far as the book goes
  alignbook train --size tiny                            a small one, in seconds
  alignbook chat                                         talk to it
  alignbook chat --stage base --prompt "Mira lives in"   let the base model continue a text
  alignbook evaluate                                     grade it on every family of tasks
  alignbook world --sample                               see what it reads and is asked"""

TRAIN = """\
examples:
  alignbook train                              everything, with the book's seed and size
  alignbook train --stage base --size tiny     a small base model, and the tokenizer that it needs
  alignbook train --stage aligned-dpo          aligned without a reward model, and what that needs
  alignbook train --seed 3                     another world, another assistant

An interrupted run goes on where it stopped when you run the same command again."""

CHAT = """\
examples:
  alignbook chat                                          a conversation; end it with Ctrl-D
  alignbook chat --prompt "Where does Mira Birch live?"   one question, one answer
  alignbook chat --stage base --prompt "Mira lives in"    the base model continues text
  alignbook chat --stage tuned                            the assistant before alignment
  alignbook chat --prompt "Hello!" --explain              the chances of each token of the reply
  echo "Hello!" | alignbook chat --size tiny              one line, one reply"""

EVALUATE = """\
examples:
  alignbook evaluate                               the aligned assistant
  alignbook evaluate --stage base --size tiny      a small base model
  alignbook evaluate --family recall --count 500   one family, with a narrower interval"""

WORLD = """\
examples:
  alignbook world --sample             a few documents and tasks of every kind
  alignbook world doctor --size tiny   train under five seeds; tell which families are too easy or too hard"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Command-line arguments; those of the process where ``None``.

    Returns
    -------
    int
        The exit code: 0, 1 when something went wrong, 130 when interrupted. Wrong usage exits with 2.
    """
    options = _parser().parse_args(arguments)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"  # the number of threads changes sums in their last bits
    try:
        options.run = _profile(options)
        return _run(options)
    except KeyboardInterrupt:
        return _told("interrupted: the checkpoint is kept; run the same command to go on", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains at its end
        return 1
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] in {"rich", "filelock"}:
            return _told(f"the command needs the package {error.name}: pip install 'alignbook[cli]'")
        return _told(f"{error}: install it")
    except MemoryError:
        return _told("the memory is used up: close other programs, or train with --size tiny")
    except (ValueError, ArithmeticError, OSError) as error:
        return _told(str(error))
    except Exception as error:
        return _told(f"{type(error).__name__}: {error}")


def _run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    match options.command:
        case "train":
            from alignbook.cli import training

            return training.train(options.run, options.stage)
        case "chat":
            from alignbook.cli import chatting

            settings = chatting.Settings(options.temperature, options.draw, options.explain, options.system)
            return chatting.chat(options.run, options.stage, options.prompt, settings)
        case "evaluate":
            from alignbook.cli import evaluating

            return evaluating.evaluate(options.run, options.stage, options.family, options.count)
        case _:
            from alignbook.cli import worlds

            if options.action == "doctor":
                return worlds.doctor(options.run.size, options.seeds, options.count)
            return worlds.sample(options.run)


def _profile(options: argparse.Namespace) -> Profile:
    """The profile of the environment, but for what was asked for."""
    run = profile.current()
    seed = run.seed if options.seed is None else options.seed
    return Profile(seed, options.size or run.size)


def _told(message: str, code: int = 1) -> int:
    """Say what is wrong, in one line."""
    print(f"alignbook: {' '.join(message.split())}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="alignbook",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"alignbook {alignbook.__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    train = _command(commands, "train", "train the assistant up to a stage, or load what is trained already", TRAIN)
    train.add_argument("--stage", metavar="S", help=f"{STAGES} (default: all of them)")
    chat = _command(commands, "chat", "talk to the assistant in the terminal", CHAT)
    chat.add_argument("--stage", default="aligned", metavar="S", help=SPEAKING)
    chat.add_argument("--prompt", metavar="TEXT", help="answer this, and end")
    chat.add_argument("--system", metavar="TEXT", help="what the assistant is told before the conversation")
    chat.add_argument("--explain", action="store_true", help="show the chances of each token of a reply")
    chat.add_argument(
        "--temperature", type=float, default=0.0, metavar="T", help="0 for the likeliest (default), up to 1"
    )
    chat.add_argument(
        "--draw", type=int, default=0, metavar="N", help="another number draws another reply (default: 0)"
    )
    grade = _command(commands, "evaluate", "grade the assistant on every family of tasks", EVALUATE)
    grade.add_argument("--stage", default="aligned", metavar="S", help=SPEAKING)
    grade.add_argument("--family", metavar="F", help="one family only")
    grade.add_argument("--count", type=_count, default=100, metavar="N", help="tasks of each split (default: 100)")
    world = _command(commands, "world", "look at the world that the assistant lives in", WORLD)
    world.add_argument("action", nargs="?", choices=["doctor"], help="find families that are too easy or too hard")
    world.add_argument("--sample", action="store_true", help="print some of each (the default)")
    world.add_argument(
        "--seeds", type=_count, default=5, metavar="N", help="seeds that doctor trains under (default: 5)"
    )
    world.add_argument("--count", type=_count, default=100, metavar="N", help="tasks of each split (default: 100)")
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str, examples: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--size", choices=profile.SIZES, help="how large the world and the assistant are (default: book)"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="decides the world and all chance (default: 0)")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number
