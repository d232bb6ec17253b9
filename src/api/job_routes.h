// /v1/jobs: submit, list, show, cancel, and what jobs leave behind.
#pragma once

#include <functional>

#include "api/background.h"
#include "api/call.h"
#include "api/job_query.h"
#include "api/log_proofs.h"
#include "base/clock.h"
#include "blobs/blob_store.h"
#include "jobs/job_service.h"
#include "store/job_store.h"

namespace plasm::api {

// The references outlive it. Belongs to the server's thread.
class JobRoutes {
 public:
  JobRoutes(jobs::JobService& service, const store::JobStore& store, const BlobStore& blobs,
            const LogProofs& proofs, Background& background, Clock& clock)
      : service_(service),
        store_(store),
        blobs_(blobs),
        proofs_(proofs),
        background_(background),
        clock_(clock) {}

  void Submit(Call& call);
  void List(Call& call);
  void Show(Call& call);
  void Cancel(Call& call);
  void Manifest(Call& call);
  void Receipt(Call& call);
  void Proof(Call& call);
  void Output(Call& call, worker::Stream stream);

 private:
  Result<store::JobRecord> FindRecord(Call& call) const;
  void RespondJob(Call& call, int status, const store::JobRecord& record, const std::string* proof,
                  const Include& include, const net::Headers& headers = {});
  void RespondEnded(Call& call, int status, const jobs::EndedJob& ended, const Include& include,
                    const net::Headers& headers = {});
  void RespondCurrent(Call& call, int status, const std::string& id, const Include& include,
                      const net::Headers& headers = {});
  Result<std::string> ReadProof(Call& call, const store::JobRecord& record);

  jobs::JobService& service_;
  const store::JobStore& store_;
  const BlobStore& blobs_;
  const LogProofs& proofs_;
  Background& background_;
  Clock& clock_;
};

}  // namespace plasm::api
