"""A synthetic area to try, to train and to test on: nobody in it is real."""
