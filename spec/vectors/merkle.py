"""The Merkle tree of RFC 6962 with SHA-256, and its proofs as RFC 9162 checks them."""
import hashlib


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def _split(n):
    """The largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1


def root(leaves):
    """`leaves` are leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def inclusion_proof(index, leaves):
    """RFC 6962 section 2.1.1, PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return inclusion_proof(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion_proof(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency_proof(old_size, leaves):
    """RFC 6962 section 2.1.2, PROOF(m, D[n]); from an empty or the same tree it is empty."""
    if old_size in (0, len(leaves)):
        return []
    return _subproof(old_size, leaves, True)


def _subproof(m, leaves, whole):
    if m == len(leaves):
        return [] if whole else [root(leaves)]
    k = _split(len(leaves))
    if m <= k:
        return _subproof(m, leaves[:k], whole) + [root(leaves[k:])]
    return _subproof(m - k, leaves[k:], False) + [root(leaves[:k])]


def root_from_inclusion(index, size, leaf, proof):
    """The root to which the proof leads by RFC 9162 section 2.1.3.2; None for a proof of the
    wrong length or an index that is not in the tree."""
    if index >= size:
        return None
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return r if sn == 0 else None


def inclusion_length(index, size):
    """How many hashes the proof has, without a tree."""
    fn, sn, count = index, size - 1, 0
    while sn:
        count += 1
        if fn & 1 or fn == sn:
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    return count


def is_consistent(old_size, old_root, size, new_root, proof):
    """RFC 9162 section 2.1.4.2. An empty tree is consistent with every other, by no hashes."""
    if old_size > size:
        return False
    if old_size == 0:
        return not proof and old_root == root([]) and (size != 0 or new_root == old_root)
    if old_size == size:
        return not proof and old_root == new_root
    if not proof:
        return False
    path = list(proof)
    if old_size & old_size - 1 == 0:
        path = [old_root] + path
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == old_root and sr == new_root and sn == 0
