// The handshake before a job is sent (spec/openapi.yaml, postOffer): what a node is asked, and what
// it answers. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "base/sha256.h"
#include "receipt/manifest_v1.h"

namespace plasm::client {

inline constexpr std::size_t kMaxOfferAnswerBytes = std::size_t{16} << 10;

// A job, as far as a node has to know it to say whether it takes it.
struct JobOffer {
  std::string job_id;
  std::string nonce;  // counts once for each node
  Sha256Digest module_hash;
  std::uint64_t cpu_cores = 1;
  std::uint64_t memory_mb = 1;
  std::uint64_t timeout_seconds = 1;
  std::string arch;          // as in "x86_64"
  std::string wasm_runtime;  // as in "wasmtime-48"

  friend bool operator==(const JobOffer&, const JobOffer&) = default;
};

// Limits are rounded up to what an offer can say, and held within what it may say (1 to 32,768 MiB,
// 1 to 3,600 seconds): the manifest's own are judged when it is submitted.
JobOffer OfferOf(const receipt::Manifest& manifest, std::string job_id, std::string nonce,
                 std::string arch, std::string wasm_runtime);
std::string SerializeOffer(const JobOffer& offer);

// "wasmtime-48" of "wasmtime-48.0.8-…".
std::string RuntimeOfEngine(std::string_view engine);

struct OfferAccepted {};
struct OfferRejected {
  std::string reason;  // for people, one line; the node's word
};
using OfferAnswer = std::variant<OfferAccepted, OfferRejected>;

// kInvalid, naming the member, for what is no answer to an offer of this id; members that this
// version does not know are passed over, and so is an unknown reason's text.
Result<OfferAnswer> ParseOfferAnswer(ByteView json, std::string_view job_id);

// How long an accepted offer holds a place in the queue, from the header Plasm-Reserved-Seconds;
// nothing where the node holds none.
std::optional<std::chrono::seconds> ReservedFor(std::optional<std::string_view> header);

}  // namespace plasm::client
