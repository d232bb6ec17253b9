// Messages of the first system (version 0.1) that ask a node for something: parsed once, strictly.
// Pure. Errors are kInvalid and name the member.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json_reader.h"
#include "base/result.h"
#include "base/sha256.h"

namespace plasm::api {

inline constexpr std::size_t kMaxOfferBytes = std::size_t{16} << 10;
// With the module in base64: one of 24 MiB fits.
inline constexpr std::size_t kMaxJobRequestBytes = std::size_t{33} << 20;

// As it was sent: whether a node can meet it is judged later (api/offer_judgement.h).
struct Requirements {
  std::uint64_t cpu_cores = 1;
  std::uint64_t memory_mb = 128;
  std::uint64_t timeout_seconds = 300;
  std::string arch;          // "x86_64"
  std::string wasm_runtime;  // "wasmtime-48"

  friend bool operator==(const Requirements&, const Requirements&) = default;
};

struct JobOffer {
  std::string job_id;
  std::string nonce;  // 1 to 64 bytes
  Sha256Digest module_hash;
  Requirements requirements;

  friend bool operator==(const JobOffer&, const JobOffer&) = default;

  static Result<JobOffer> Parse(ByteView json);
};

struct JobRequest {
  std::string job_id;  // not empty
  Sha256Digest module_hash;
  Bytes wasm;  // not empty, and of that digest
  std::vector<std::string> args;
  Requirements requirements;  // cpu_cores at least 1

  friend bool operator==(const JobRequest&, const JobRequest&) = default;

  // For a module of another digest the message begins "Module hash mismatch".
  static Result<JobRequest> Parse(ByteView json);
};

}  // namespace plasm::api
