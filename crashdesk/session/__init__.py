"""The one state: folds records into what is shown."""
