#include "client/quorum_run.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "base/file.h"
#include "base/system_error.h"
#include "client/job_request.h"
#include "client/node_access.h"
#include "client/patience.h"
#include "client/verifier_files.h"
#include "crypto/public_key_text.h"
#include "home/job_files.h"
#include "home/receipt_files.h"
#include "receipt/job_id.h"

namespace plasm::client {
namespace {

// There are others: one that does not answer is not waited for as an only one would be.
constexpr RetryPolicy kBriefly{.calls = 4, .all_pauses = std::chrono::seconds(5)};
constexpr net::ClientLimits kSoon{.head = std::chrono::seconds(12),
                                  .stall = std::chrono::seconds(10)};
constexpr std::uint32_t kPollSeconds = 4;
constexpr std::chrono::milliseconds kLookForInterrupt(100);

// All replicas at once, each in a thread.
class Running {
 public:
  Running(const home::DataFolder& data, const std::vector<KnownNode>& nodes, const JobPlan& plan,
          const QuorumSettings& settings, Clock& clock, Entropy& entropy)
      : data_(data), plan_(plan), settings_(settings), clock_(clock), entropy_(entropy) {
    for (const KnownNode& node : nodes) {
      replicas_.push_back({.node = node, .job_id = receipt::RandomJobId(entropy)});
    }
  }

  Result<std::vector<Replica>> Run() {
    stop_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!stop_) return SystemError(errno, "eventfd");
    left_ = replicas_.size();
    std::vector<std::jthread> threads;
    for (Replica& replica : replicas_) threads.emplace_back([this, &replica] { Work(replica); });
    const bool interrupted = !AwaitCommitments();
    // Whoever is still at work is awaited no more; disclosing does not look at this.
    if (::eventfd_write(stop_.get(), 1) != 0) return SystemError(errno, "eventfd");
    threads.clear();  // joined
    if (interrupted) return Error{ErrorCode::kUnavailable, "interrupted: the jobs go on"};
    return std::move(replicas_);
  }

 private:
  enum class Phase { kRunning, kDisclosing, kGivenUp };

  // Whether it was not interrupted.
  bool AwaitCommitments() {
    std::unique_lock lock(mutex_);
    const auto begin = std::chrono::steady_clock::now();
    std::optional<std::chrono::steady_clock::time_point> until;
    while (left_ > 0) {
      if (IsInterrupted(settings_.interrupt_fd)) {
        phase_ = Phase::kGivenUp;
        changed_.notify_all();
        return false;
      }
      const auto now = std::chrono::steady_clock::now();
      if (committed_ >= settings_.agree && !until) {
        until = now + std::max<std::chrono::nanoseconds>(settings_.rest, now - begin);
      }
      if (until && now >= *until) break;
      changed_.wait_for(lock, kLookForInterrupt);
    }
    phase_ = Phase::kDisclosing;
    changed_.notify_all();
    return true;
  }

  void Work(Replica& replica) {
    auto committed = Commit(replica);
    bool disclosing = false;
    {
      std::unique_lock lock(mutex_);
      --left_;
      // Whoever comes when the others' receipts may have been seen has no part in it.
      const bool in_time = committed && phase_ == Phase::kRunning;
      if (in_time) ++committed_;
      changed_.notify_all();
      if (!committed && phase_ == Phase::kDisclosing) {
        committed = Error{ErrorCode::kUnavailable, "it was not awaited any more: others had ended"};
      }
      if (committed && !in_time) {
        committed = Error{ErrorCode::kUnavailable, "it ended when the others had been heard"};
      }
      if (in_time) changed_.wait(lock, [this] { return phase_ != Phase::kRunning; });
      disclosing = in_time && phase_ == Phase::kDisclosing;
    }
    if (disclosing) committed = Disclose(replica);
    if (committed) return;
    replica.error = std::move(committed).error();
    bool given_up = false;
    {
      const std::lock_guard lock(mutex_);
      given_up = phase_ == Phase::kGivenUp;
    }
    if (!given_up && !replica.job) Cancel(replica);
  }

  Result<void> Commit(Replica& replica) {
    PLASM_TRY(const auto access,
              NodeAccess::Open(data_, replica.node, clock_, entropy_,
                               {.retry = kBriefly, .limits = kSoon, .interrupt_fd = stop_.get()}));
    PLASM_TRY_VOID(
        SubmitRequest(data_, *access, plan_, {.job_id = replica.job_id, .idempotency_key = {}}));
    while (true) {
      PLASM_TRY(JobDocument job, access->node().WaitFor(replica.job_id, kPollSeconds));
      if (!IsEnded(job.state)) continue;
      replica.job = std::move(job);
      break;
    }
    if (replica.job->state == JobState::kFailed) {
      return Error{ErrorCode::kUnavailable,
                   access->name() + ": the node could not run the job: " +
                       replica.job->message.value_or("it does not say why")};
    }
    PLASM_TRY(replica.proof, access->node().Fetch(replica.job_id, JobPart::kProof));
    return {};
  }

  // The stop is for those who are not awaited any more: this has another session.
  Result<void> Disclose(Replica& replica) {
    PLASM_TRY(const auto access, NodeAccess::Open(data_, replica.node, clock_, entropy_,
                                                  {.retry = kBriefly, .limits = kSoon}));
    PLASM_TRY(replica.receipt, access->node().Fetch(replica.job_id, JobPart::kReceipt));
    return {};
  }

  void Cancel(const Replica& replica) {
    const auto access = NodeAccess::Open(data_, replica.node, clock_, entropy_,
                                         {.retry = {.calls = 1}, .limits = kSoon});
    if (access) (void)(*access)->node().Cancel(replica.job_id);
  }

  const home::DataFolder& data_;
  const JobPlan& plan_;
  const QuorumSettings& settings_;
  Clock& clock_;
  Entropy& entropy_;
  UniqueFd stop_;
  std::vector<Replica> replicas_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Phase phase_ = Phase::kRunning;
  std::size_t left_ = 0;  // that have neither committed nor failed
  std::uint32_t committed_ = 0;
};

Result<void> Save(const home::DataFolder& data, const Replica& replica, const JobPlan& plan) {
  std::optional<ByteView> proof;
  if (replica.proof) proof = *replica.proof;
  return home::WriteReceiptFiles(
      {.receipt = *replica.receipt, .proof = proof, .manifest = AsBytes(plan.text)},
      home::JobFiles(data, replica.job_id).receipt());
}

}  // namespace

Result<std::vector<KnownNode>> ChooseReplicas(const std::vector<KnownNode>& nodes,
                                              const trust::TrustFile& trusted,
                                              std::uint32_t replicas) {
  std::vector<KnownNode> chosen;
  std::set<std::string> identities;
  std::set<std::string> operators;
  for (const KnownNode& node : nodes) {
    if (chosen.size() == replicas) break;
    const trust::TrustedNode* found = trusted.FindByName(node.name);
    if (found == nullptr || found->level == trust::TrustLevel::kBlocked) continue;
    if (found->operator_name && operators.contains(*found->operator_name)) continue;
    if (!identities.insert(crypto::Fingerprint(found->identity)).second) continue;
    if (found->operator_name) operators.insert(*found->operator_name);
    chosen.push_back(node);
  }
  if (chosen.size() == replicas) return chosen;
  return Error{ErrorCode::kInvalid,
               "found " + std::to_string(chosen.size()) +
                   " trusted nodes of different identities and operators, expected " +
                   std::to_string(replicas) + " (plasm node add URL)"};
}

Result<QuorumRun> RunOnAll(const home::DataFolder& data, const std::vector<KnownNode>& nodes,
                           const JobPlan& plan, const QuorumSettings& settings, Clock& clock,
                           Entropy& entropy) {
  QuorumRun run;
  {
    Running running(data, nodes, plan, settings, clock, entropy);
    PLASM_TRY(run.replicas, running.Run());
  }
  run.bundle = {.agree = settings.agree, .manifest = plan.text, .answers = {}};
  PLASM_TRY_VOID(CreateFolders(data.receipts(), 0700));
  for (std::size_t i = 0; i < run.replicas.size(); ++i) {
    const Replica& replica = run.replicas[i];
    if (!replica.receipt) continue;
    PLASM_TRY_VOID(Save(data, replica, plan));
    run.answers.push_back(i);
    run.bundle.answers.push_back(
        {std::string(AsText(*replica.receipt)), std::string(AsText(*replica.proof))});
  }
  if (run.bundle.answers.empty()) {
    return Error{ErrorCode::kUnavailable, "no node answered. The first, " +
                                              run.replicas.front().node.name + ": " +
                                              run.replicas.front().error->message};
  }
  PLASM_TRY(const trust::LoadedTrust trusted, LoadTrust(data));
  PLASM_TRY(const std::optional<tlog::Policy> policy, LoadStandingPolicy(data));
  run.verification =
      verify::VerifyQuorum(run.bundle, {.trusted = &trusted.state,
                                        .standing_policy = policy ? &*policy : nullptr,
                                        .now_seconds = clock.RealtimeNs() / 1'000'000'000});
  return run;
}

}  // namespace plasm::client
