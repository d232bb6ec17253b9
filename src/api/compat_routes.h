// /v1/offers and /v1/execute: the messages of the first system (version 0.1).
#pragma once

#include <memory>

#include "api/background.h"
#include "api/blob_routes.h"
#include "api/call.h"
#include "api/compat_messages.h"
#include "api/node_routes.h"
#include "api/offer_judgement.h"
#include "base/clock.h"
#include "blobs/blob_store.h"
#include "crypto/ed25519.h"
#include "jobs/job_service.h"
#include "receipt/manifest_v1.h"
#include "store/job_store.h"

namespace plasm::api {

// The job that a request of version 0.1 is, within what the node allows at most. Pure.
receipt::Manifest ManifestOf(const JobRequest& request, const jobs::MostLimits& most,
                             std::uint64_t start_time_seconds);

// The references outlive it. Belongs to the server's thread.
class CompatRoutes {
 public:
  // `key` signs receipts v0.1.
  CompatRoutes(const NodeFacts& facts, jobs::JobService& service, store::JobStore& store,
               const BlobStore& blobs, BlobRoutes& uploads, Background& background,
               const crypto::SigningKey& key, Clock& clock)
      : facts_(facts),
        service_(service),
        store_(store),
        blobs_(blobs),
        uploads_(uploads),
        background_(background),
        key_(key),
        clock_(clock) {}

  void Offer(Call& call);
  void Execute(Call& call);

 private:
  NodeOffer OfferOfNode() const;
  std::uint64_t EstimatedStart() const;  // seconds since the Unix epoch
  Result<void> UseNonce(Call& call, const std::string& nonce);
  void RespondResult(Call& call, const JobRequest& request, const jobs::EndedJob& ended);
  Result<Bytes> ReadOutput(Call& call, const store::StreamRecord& output);

  const NodeFacts& facts_;
  jobs::JobService& service_;
  store::JobStore& store_;
  const BlobStore& blobs_;
  BlobRoutes& uploads_;
  Background& background_;
  const crypto::SigningKey& key_;
  Clock& clock_;
};

}  // namespace plasm::api
