#include "client/job_watch.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/quote.h"

namespace plasm::client {
namespace {

constexpr std::size_t kBufferBytes = 64 << 10;
constexpr std::size_t kMaxEventIdBytes = 64;

// Whether a node's own text may go into a header that we send.
bool IsEventId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxEventIdBytes &&
         std::ranges::all_of(id, [](char c) { return (c >= '0' && c <= '9') || c == '-'; });
}

// One stream of events, from its request to its end.
class Watching {
 public:
  Watching(NodeSession& session, std::string_view id, OutputProgress& progress, JobWatcher& watcher)
      : session_(session),
        target_("/v1/jobs/" + std::string(id) + "/events"),
        id_(id),
        progress_(progress),
        watcher_(watcher) {}

  // The job once it has ended; nothing when the stream ended before it.
  Result<std::optional<JobDocument>> Follow(Patience& patience) {
    net::OutgoingRequest request{.target = target_, .headers = {{"Accept", "text/event-stream"}}};
    const std::string last_id = last_id_;
    if (IsEventId(last_id)) request.headers.push_back({"Last-Event-ID", last_id});
    PLASM_TRY(const net::ResponseHead head, session_.Open(request));
    net::EventStreamReader reader(kMaxJobBytes);
    Bytes buffer(kBufferBytes);
    while (true) {
      PLASM_TRY(const std::size_t count, session_.ReadBody(buffer));
      if (count == 0) return std::optional<JobDocument>();
      PLASM_TRY(const std::vector<net::ServerEvent> events,
                reader.Feed(ByteView(buffer).first(count)));
      for (const net::ServerEvent& event : events) {
        PLASM_TRY(std::optional<JobDocument> job, Take(event));
        patience.Progressed();
        if (job) return job;
      }
    }
  }

  // Whether the watcher wants no more, so that trying again does not help.
  bool given_up() const { return given_up_; }

 private:
  Result<std::optional<JobDocument>> Take(const net::ServerEvent& event) {
    PLASM_TRY(std::optional<JobEvent> known, ReadJobEvent(event));
    if (known) {
      if (auto* end = std::get_if<EndEvent>(&*known)) {
        if (end->job.id != id_) {
          return Error{ErrorCode::kCorrupt, session_.pin().node() + ": the events of " + id_ +
                                                " end with the job " + end->job.id};
        }
        return std::optional(std::move(end->job));
      }
      if (const auto* state = std::get_if<StateEvent>(&*known)) watcher_.OnState(state->state);
      if (std::holds_alternative<RestartEvent>(*known)) watcher_.OnRestart();
      if (const auto* output = std::get_if<OutputEvent>(&*known)) {
        PLASM_TRY(const ByteView fresh, progress_.New(*output));
        if (!fresh.empty()) {
          if (auto taken = watcher_.OnOutput(output->stream, fresh); !taken) {
            given_up_ = true;
            return std::move(taken).error();
          }
        }
      }
    }
    last_id_ = event.id;  // only now is all of it passed on
    return std::optional<JobDocument>();
  }

  NodeSession& session_;
  std::string target_;
  std::string id_;
  OutputProgress& progress_;
  JobWatcher& watcher_;
  std::string last_id_;
  bool given_up_ = false;
};

}  // namespace

Result<JobDocument> WatchJob(NodeSession& session, std::string_view id, OutputProgress& progress,
                             JobWatcher& watcher) {
  if (!IsJobId(id)) {
    return Error{ErrorCode::kInvalid, "job: found " + Quote(id) +
                                          ", expected job- and a UUID, as plasm jobs shows them"};
  }
  Watching watching(session, id, progress, watcher);
  Patience patience = session.NewPatience();
  while (true) {
    auto job = watching.Follow(patience);
    if (job && *job) return **std::move(job);
    if (watching.given_up()) return std::move(job).error();
    const Error error =
        job ? Error{ErrorCode::kUnavailable,
                    session.pin().node() + ": the events of the job end before it does"}
            : job.error();
    PLASM_TRY_VOID(patience.PauseAfter(error, session.retry_after()));
  }
}

}  // namespace plasm::client
