"""Classification and regression metrics from their definitions (NumPy, no scikit-learn)."""


def confusion_matrix(y_true, y_pred, labels=None, weights=None):
    """Return a (k, k) matrix: row = what it is, column = what was said, in the order of labels.

    Without labels: every label that occurs in y_true or y_pred, sorted.
    """


def total_cost(matrix, costs):
    """Return what all decisions together cost; costs (k, k) is the price of one in each cell."""


def precision_recall_f1(
    y_true, y_pred, average="binary", positive=1, weights=None, zero_division=0.0
):
    """Return (precision, recall, f1): numbers, or arrays over the sorted labels for average=None.

    average is "binary" (of the label `positive`), "micro", "macro", "weighted" or None.
    """


def best_threshold(y_true, scores, false_positive_cost, false_negative_cost):
    """Return a threshold t such that flagging `score >= t` costs as little as possible."""


def mae(y_true, y_pred, weights=None):
    """Return the mean absolute error."""


def rmse(y_true, y_pred, weights=None):
    """Return the root of the mean squared error."""


def best_constant(y_true, metric):
    """Return the one number that, predicted for every row, has the smallest "rmse" or "mae"."""


def roc_auc(y_true, scores, weights=None):
    """Return the share of (positive, negative) pairs that the scores put right; a tie is half.

    NaN where there is only one class.
    """


def precision_at(true_positive_rate, false_positive_rate, prevalence, zero_division=0.0):
    """Return the precision at a point of the ROC curve when `prevalence` of all are positive."""


# Your answers to the four questions at the end of "Your turn".
CHOICES = {
    "one_wild_error": None,  # "rmse" or "mae"
    "error_cost_grows_with_its_square": None,  # "rmse" or "mae"
    "rare_positives": None,  # "roc" or "pr"
    "classes_count_alike": None,  # "micro", "macro" or "weighted"
}
