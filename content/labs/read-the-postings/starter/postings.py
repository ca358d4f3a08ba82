"""What postings ask for, counted so that the numbers can be believed."""

VOCABULARY = {
    "Python": ("Python",),
    "PyTorch": ("PyTorch", "torch"),
    "TensorFlow": ("TensorFlow", "TF"),
    "scikit-learn": ("scikit-learn", "sklearn", "scikit learn"),
    "machine learning": ("machine learning", "ML", "machine-learning"),
    "SQL": ("SQL",),
    "Spark": ("Spark", "PySpark", "Apache Spark"),
    "Airflow": ("Airflow", "Apache Airflow"),
    "Docker": ("Docker",),
    "Kubernetes": ("Kubernetes", "k8s"),
    "AWS": ("AWS", "Amazon Web Services"),
    "MLflow": ("MLflow",),
    "RAG": ("RAG", "retrieval-augmented generation"),
    "Java": ("Java",),
    "JavaScript": ("JavaScript",),
    "C++": ("C++",),
    "C": ("C",),
    "Go": ("Go", "Golang"),
    "R": ("R",),
    "PhD": ("PhD", "Ph.D.", "doctorate"),
}


def skills_in(text):
    """Return a dict: each skill that `text` asks for or mentions, and how strongly.

    The strength is "required", "preferred" or "mentioned"; the strongest place counts.
    """
    return {}


def wilson(count, n):
    """Return (low, high): the 95 % Wilson interval of a share of `count` in `n`."""
    return 0.0, 1.0


def demand(postings, strength="required"):
    """Return a row for each skill that some company asks for at least this strongly.

    A row is a dict: skill, count and n (companies), share, low, high. Largest count first.
    """
    return []


def gap(rows, mine, floor=0.1):
    """Return {"missing": [...], "unasked": [...]}: the demand against the skills in `mine`."""
    return {"missing": [], "unasked": []}
