"""The golden trees hold tests of their own, which run there and not with the project's."""

collect_ignore_glob = ["*"]
