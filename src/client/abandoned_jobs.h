// Jobs on nodes that nobody waits for any more: they are cancelled there, as soon as the node can
// be asked.
#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/entropy.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "client/node_list.h"
#include "home/data_folder.h"

namespace plasm::client {

// Thread-safe. What it refers to outlives it.
class AbandonedJobs {
 public:
  AbandonedJobs(const home::DataFolder& data, Clock& clock, Entropy& entropy);
  // Ends the trying, once each node has been asked at least once: seconds for one that is silent.
  ~AbandonedJobs();
  AbandonedJobs(const AbandonedJobs&) = delete;
  AbandonedJobs& operator=(const AbandonedJobs&) = delete;

  // The node is asked, and again every second until it has answered: it may have been away for a
  // while only. In a thread of its own.
  void Cancel(const KnownNode& node, const std::string& job_id);

 private:
  void Work(const KnownNode& node, const std::string& job_id);

  const home::DataFolder& data_;
  Clock& clock_;
  Entropy& entropy_;
  UniqueFd stop_;
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

}  // namespace plasm::client
