def total(x):
    found = []
    for each in x:
        found.append(len(found) + each)
    return found
