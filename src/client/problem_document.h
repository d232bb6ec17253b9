// What a node says when it could not do something (RFC 9457; spec/openapi.yaml, Problem). Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"

namespace plasm::client {

// Enough for the most digests that can be named as missing at once.
inline constexpr std::size_t kMaxProblemBytes = std::size_t{8} << 20;

struct Problem {
  Error error;                        // fit to be shown: one line, and not long
  std::vector<Sha256Digest> missing;  // blobs that a job needs
};

// Never fails: a body that is no problem document, as from a proxy, leaves the status to say
// what is wrong.
Problem ReadProblem(int status, ByteView body);

}  // namespace plasm::client
