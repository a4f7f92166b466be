from django.apps import AppConfig


class IndexingConfig(AppConfig):
    """The search index of what is public, kept up with the database on every machine."""

    name = "cwg.indexing"
    label = "indexing"

    def ready(self) -> None:
        from cwg.indexing import changes, texts  # models are there only now

        changes.watch()
        texts.watch()
