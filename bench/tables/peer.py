"""scikit-learn beside Lockstep on tables: the data sets with their splits, and the peers. See ../tables.mjs.

    peer.py write FOLDER    writes FOLDER/NAME/split-K-train.csv and split-K-test.csv, raw, words as words,
                            and prints what there is as JSON, one data set a line
    peer.py train           reads one request a line, {train, test, targets, task, hidden, epochs, batchSize,
                            patience}, and answers each with {plain, stopping}: {score, seconds} of the
                            network as scikit-learn trains it by default, and with early stopping
"""
import csv
import json
import os
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn import datasets
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.impute import SimpleImputer
from sklearn.model_selection import ShuffleSplit, StratifiedShuffleSplit
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

SPLITS = 5
TEST_SHARE = 0.2

warnings.simplefilter("ignore", ConvergenceWarning)


def shipped():
    """The data sets that ship with scikit-learn, in the units of their authors."""
    for name, load, target in [
        ("iris", datasets.load_iris, "species"),
        ("wine", datasets.load_wine, "class"),
        ("breast cancer", datasets.load_breast_cancer, "class"),
    ]:
        found = load()
        yield name, "table", found.feature_names, found.data, [target], found.target_names[found.target]
    digits = datasets.load_digits()
    yield "digits", "pictures", digits.feature_names, digits.data.astype(int), ["label"], digits.target
    diabetes = datasets.load_diabetes(scaled=False)
    yield "diabetes", "regression", diabetes.feature_names, diabetes.data, ["target"], diabetes.target
    men = datasets.load_linnerud()
    yield "linnerud", "regression", men.feature_names, men.data, men.target_names, men.target


def made():
    """Two moons; numbers and words with gaps that make a number; many classes."""
    points, moon = datasets.make_moons(500, noise=0.25, random_state=1)
    yield "two moons", "table", ["x", "y"], points, ["moon"], np.array(["upper", "lower"])[moon]

    random = np.random.default_rng(1)
    rows = 2000
    numbers = random.normal(size=(rows, 6)) * [1, 10, 0.1, 1, 100, 1] + [0, 50, 1, -5, 1000, 0]
    colours = random.integers(0, 4, rows)
    makes = random.integers(0, 12, rows)
    value = (
        40 * np.sin(2 * numbers[:, 0])
        + 3 * (numbers[:, 1] - 50) * (colours - 1.5)
        + 20 * (numbers[:, 3] + 5) ** 2
        + np.array([0, 60, -30, 10])[colours]
        + 5 * makes
        + random.normal(0, 10, rows)
    )
    cells = np.empty((rows, 8), dtype=object)
    cells[:, :6] = numbers.round(4)
    cells[:, 6] = np.array(["red", "green", "blue", "grey"])[colours]
    cells[:, 7] = np.array([f"make {chr(65 + i)}" for i in range(12)])[makes]
    cells[random.random(cells.shape) < 0.04] = ""
    names = ["a", "b", "c", "d", "e", "f", "colour", "make"]
    yield "words and gaps", "regression", names, cells, ["price"], value.round(3)

    x, y = datasets.make_classification(
        4000, 20, n_informative=14, n_redundant=0, n_classes=40, n_clusters_per_class=1, class_sep=2.5,
        random_state=1,
    )
    yield "40 classes", "table", [f"x{i + 1}" for i in range(20)], x, ["class"], y


def write(folder):
    for name, kind, names, cells, targets, wanted in [*shipped(), *made()]:
        place = os.path.join(folder, name.replace(" ", "-"))
        os.makedirs(place)
        wanted = np.asarray(wanted).reshape(len(cells), -1)
        splitter = ShuffleSplit if kind == "regression" else StratifiedShuffleSplit
        splits = splitter(SPLITS, test_size=TEST_SHARE, random_state=1).split(cells, wanted[:, 0])
        table = [[*row, *answers] for row, answers in zip(cells.tolist(), wanted.tolist())]
        files = []
        for number, parts in enumerate(splits, 1):
            files.append({})
            for part, rows in zip(["train", "test"], parts):
                file = os.path.join(place, f"split-{number}-{part}.csv")
                files[-1][part] = file
                with open(file, "w", newline="") as out:
                    writer = csv.writer(out)
                    writer.writerow([*names, *targets])
                    writer.writerows(table[row] for row in rows)
        gaps = any(cell == "" for row in table for cell in row)
        about = {"name": name, "kind": kind, "targets": list(targets), "gaps": gaps, "splits": files}
        print(json.dumps({**about, "rows": len(table), "columns": len(names)}))


def read(file, targets):
    """Cells as objects, float or str, and what is wanted, as text."""
    with open(file, newline="") as source:
        names, *rows = csv.reader(source)
    at = [names.index(target) for target in targets]
    others = [i for i in range(len(names)) if i not in at]
    rows = np.array(rows, dtype=object)
    return rows[:, others], rows[:, at]


def is_number(column):
    try:
        [float(cell) for cell in column if cell != ""]
    except ValueError:
        return False
    return True


def prepared(columns, numeric):
    """Fitted on the training rows alone: mean for gaps, deviation 1; words one-hot, a gap is one more."""
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    words = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing", missing_values=""),
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    )
    return ColumnTransformer(
        [
            ("numbers", numbers, [i for i in range(columns) if i in numeric]),
            ("words", words, [i for i in range(columns) if i not in numeric]),
        ]
    )


def train(request, stopping):
    """Score and seconds, from the files on, as Lockstep's are."""
    begun = time.perf_counter()
    values = request["task"] == "values"
    parts = [read(request[part], request["targets"]) for part in ("train", "test")]
    columns = parts[0][0].shape[1]
    numeric = {i for i in range(columns) if is_number(parts[0][0][:, i])}
    for cells, _ in parts:
        for i in numeric:
            cells[:, i] = [np.nan if cell == "" else float(cell) for cell in cells[:, i]]
    options = dict(
        hidden_layer_sizes=request["hidden"],
        max_iter=request["epochs"],
        batch_size=min(request["batchSize"], len(parts[0][0])),
        early_stopping=stopping,
        random_state=1,
    )
    if stopping and request.get("patience"):
        options["n_iter_no_change"] = request["patience"]
    if values:
        network = TransformedTargetRegressor(MLPRegressor(**options), transformer=StandardScaler())
    else:
        network = MLPClassifier(**options)
    model = make_pipeline(prepared(columns, numeric), network)
    (x, y), (x_test, y_test) = [
        (cells, wanted.astype(float) if values else wanted[:, 0].astype(str)) for cells, wanted in parts
    ]
    # One column of values is one of numbers, not a matrix.
    if values and y.shape[1] == 1:
        y, y_test = y[:, 0], y_test[:, 0]
    try:
        score = model.fit(x, y).score(x_test, y_test)
    except ValueError as reason:
        return {"failed": str(reason).split("\n")[0]}
    return {"score": score, "seconds": time.perf_counter() - begun}


def serve():
    print(json.dumps({"name": f"scikit-learn {sklearn.__version__}"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"plain": train(request, False), "stopping": train(request, True)}
        print(json.dumps(answer), flush=True)


if sys.argv[1] == "write":
    write(sys.argv[2])
else:
    serve()
