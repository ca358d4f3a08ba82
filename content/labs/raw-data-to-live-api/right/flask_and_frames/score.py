import json
import sys

import model

if __name__ == "__main__":
    with open(sys.argv[1]) as rows, open(sys.argv[2], "w") as out:
        answers = model.predict(model.read(model.live()), [json.loads(r) for r in rows if r.strip()])
        out.write("\n".join(map(str, answers)))
