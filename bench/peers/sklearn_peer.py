"""scikit-learn's MLPClassifier as a peer; see peer.py. It has dense layers with one activation, and SGD or
Adam.
"""
import time
import warnings

import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from peer import Unsupported, load, serve

warnings.simplefilter("ignore", ConvergenceWarning)


class Clocked(MLPClassifier):
    """Reads the clock at the end of each epoch."""

    def _update_no_improvement_count(self, *given):
        self.ends.append(time.perf_counter())
        super()._update_no_improvement_count(*given)


def main():
    x, y = load()

    def train(request):
        *hidden, last = [layer for layer in request["model"] if layer["kind"] == "dense"]
        kinds = {layer["kind"] for layer in request["model"]} - {"dense", "relu"}
        if kinds:
            raise Unsupported("MLPClassifier has no " + ", ".join(sorted(kinds)))
        given = request["optimizer"]
        if given["kind"] != "sgd":
            raise Unsupported(f"MLPClassifier has no {given['kind']}")
        network = Clocked(
            hidden_layer_sizes=[layer["units"] for layer in hidden],
            activation="relu",
            solver="sgd",
            learning_rate_init=given["learningRate"],
            momentum=given["momentum"],
            nesterovs_momentum=given["nesterov"],
            alpha=given["weightDecay"],
            batch_size=request["batchSize"],
            max_iter=request["epochs"],
            n_iter_no_change=request["epochs"],
            random_state=1,
        )
        network.ends = []
        samples = request["samples"]
        network.fit(x[:samples], y[:samples])
        ends = network.ends
        return [0.0] + [b - a for a, b in zip(ends, ends[1:])], network.loss_curve_[-1]

    serve(f"scikit-learn {sklearn.__version__}", train)


main()
