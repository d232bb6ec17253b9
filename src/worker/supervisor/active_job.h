// A job that has been submitted and has not ended. Internal to the executor.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>

#include "worker/supervisor/job_events.h"

namespace plasm::worker {

class Slot;

struct ActiveJob {
  JobHandle handle = 0;
  JobRequest request;
  Slot* slot = nullptr;                                     // null while it waits
  std::list<std::unique_ptr<ActiveJob>>::iterator place{};  // in the queue, while it waits
  bool has_program = false;                                 // and counts as one of its jobs
  bool cancelled = false;                                   // and not yet ended as such
  // A worker died when it had this one and others: nobody knows by which.
  bool alone = false;

  // Of the job in its present worker.
  std::optional<std::uint64_t> started_ns;  // once it is the first
  bool heard_of = false;                    // it has begun for sure, and cannot be run again
  bool reader_failed = false;               // who was to take its files could not
  std::uint64_t output_bytes = 0;
  std::uint32_t stdin_wanted = 0;  // bytes the worker waits for
  std::uint64_t file_left = 0;     // bytes of the current output file still to come
  std::uint64_t file_bytes = 0;    // of all output files
  std::uint32_t files = 0;
};

}  // namespace plasm::worker
