#include "api/retirement.h"

#include "blobs/partial_blobs.h"

namespace plasm::api {
namespace {

constexpr std::uint64_t kNs = 1'000'000'000;
// A blob that was put this recently may be about to be referred to.
constexpr std::uint64_t kYoungNs = 3600 * kNs;

std::uint64_t Before(std::uint64_t now_ns, std::uint64_t seconds) {
  const std::uint64_t age_ns = seconds * kNs;
  return age_ns < now_ns ? now_ns - age_ns : 0;
}

}  // namespace

Result<Retirement> RetireWhatIsOld(const jobs::Retention& retention, store::JobStore& store,
                                   const BlobStore& blobs, BlobPins& pins, Clock& clock) {
  const std::uint64_t now = clock.RealtimeNs();
  Retirement done;
  for (bool more = true; more;) {
    PLASM_TRY(const store::Retired retired, store.SubmitAndWait(store::RetireJobs{
                                                .ended_before_ns = Before(now, retention.seconds),
                                                .keep_at_most = retention.jobs}));
    done.jobs += retired.jobs;
    more = retired.more;
  }
  PLASM_TRY(const auto purged, store.SubmitAndWait(store::PurgeExpired{.now_ns = now}));
  done.nonces = purged.nonces;
  PLASM_TRY(done.partial_uploads,
            PartialBlobs(blobs).RemoveOlderThan(Before(now, retention.upload_seconds)));
  // What was released is among them, and so is what a crash left behind.
  PLASM_TRY(auto listed, blobs.List());
  PLASM_TRY(done.blobs,
            Collect(blobs, pins, OldEnough(std::move(listed), now, kYoungNs),
                    [&store](const Sha256Digest& digest) { return store.IsReferred(digest); }));
  return done;
}

}  // namespace plasm::api
