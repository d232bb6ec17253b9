// From what somebody asks for to what a node is sent: a manifest, and the contents that it names.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/bytes.h"
#include "base/entropy.h"
#include "base/result.h"
#include "base/sha256.h"
#include "blobs/blob_store.h"
#include "blobs/content_source.h"
#include "execution/job_order.h"
#include "receipt/manifest_v1.h"

namespace plasm::client {

struct JobPlan {
  receipt::Manifest manifest;
  std::string text;  // of the manifest: the bytes that are sent, and that the receipt will name
  // Every blob that the manifest refers to, also by way of a tree. All are in the store.
  std::set<Sha256Digest> blobs;
};

// What JobPlan::blobs has. The texts that list the files of trees are read from the source: its
// errors, and kInvalid for one that is none.
Result<std::set<Sha256Digest>> BlobsOf(const receipt::Manifest& manifest,
                                       const ContentSource& source);

// Reads folders and standard input (`stdin_fd`, to its end; -1: none), and keeps them and the
// module in the store. Standard input of at most 64 KiB stands in the manifest itself. Where the
// order leaves them open, start time, seed and nonce are made here. kInvalid for what no manifest
// can hold, kLimitExceeded for a manifest that is too large; else as worker::Inputs and the store.
Result<JobPlan> PlanJob(const execution::JobOrder& order, ByteView module, int stdin_fd,
                        const BlobStore& store, std::uint64_t now_ns, Entropy& entropy);

// The order with what the earlier manifest of the same request had where the order leaves it
// open: start time and nonce. So a request that is made again has the same bytes. Pure.
execution::JobOrder AsBefore(execution::JobOrder order, const receipt::Manifest& earlier);

// A nonce for one request: 32 hex digits.
std::string NewNonce(Entropy& entropy);

}  // namespace plasm::client
