#include "libplasm/job_request.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "base/file.h"
#include "base/quote.h"
#include "base/system_error.h"
#include "libplasm/enumerations.h"
#include "libplasm/public_form.h"
#include "worker/supervisor/compiler.h"

namespace plasm::libplasm {
namespace {

constexpr const char* kDefaultName = "module.wasm";

Error Invalid(const std::string& what) { return {ErrorCode::kInvalid, "JobSpec::" + what}; }

std::string NameOf(const v0::JobSpec& job) {
  if (!job.program_name.empty()) return job.program_name;
  if (!job.module_file.empty()) return job.module_file.filename().string();
  return kDefaultName;
}

Result<void> CheckOneModule(const v0::JobSpec& job) {
  if (job.module_file.empty() != job.module_bytes.empty()) return {};
  return Invalid(std::string("module_file, module_bytes: found ") +
                 (job.module_file.empty() ? "neither" : "both") + ", expected one of them");
}

}  // namespace

Result<execution::JobOrder> OrderOf(const v0::JobSpec& job, const std::string& requester) {
  PLASM_TRY_VOID(CheckOneModule(job));
  execution::JobOrder order;
  order.args.push_back(NameOf(job));
  order.args.insert(order.args.end(), job.args.begin(), job.args.end());
  for (const std::string& variable : job.env) {
    const auto mark = variable.find('=');
    if (mark == std::string::npos || mark == 0) {
      return Invalid("env: found " + Quote(variable) + ", expected KEY=value");
    }
  }
  order.env = job.env;
  for (const v0::InputFolder& folder : job.inputs) {
    if (folder.host.empty() || folder.guest.empty()) {
      return Invalid("inputs: found an empty path, expected a folder here and one in the program");
    }
    order.inputs.push_back({folder.host, folder.guest});
  }
  order.outputs = job.outputs;
  if (job.limits.wall_time < std::chrono::milliseconds(0)) {
    return Invalid("limits.wall_time: found a negative time, expected one from 0 on");
  }
  order.limits = {.memory_bytes = job.limits.memory_bytes,
                  .fuel = job.limits.fuel,
                  .output_bytes = job.limits.output_bytes,
                  .file_bytes = job.limits.file_bytes,
                  .file_nodes = job.limits.file_nodes};
  order.wall_time_ms = static_cast<std::uint64_t>(job.limits.wall_time.count());
  order.profile = ProfileOf(job.profile);
  if (job.start_time) {
    const auto since = job.start_time->time_since_epoch();
    if (since.count() < 0) return Invalid("start_time: found a time before 1970");
    order.start_time_ns = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
  }
  order.seed = job.seed;
  order.requester = requester;
  if (!job.nonce.empty()) order.nonce = job.nonce;
  if (job.not_after) {
    PLASM_TRY(order.not_after, UtcTimeOf(*job.not_after, "JobSpec::not_after"));
  }
  return order;
}

Result<Bytes> ModuleOf(const v0::JobSpec& job) {
  PLASM_TRY_VOID(CheckOneModule(job));
  if (job.module_file.empty()) return job.module_bytes;
  return ReadFile(job.module_file, worker::kMaxModuleFileBytes);
}

Result<UniqueFd> StandardInputOf(const v0::JobSpec& job) {
  if (!job.standard_input.empty() && !job.standard_input_file.empty()) {
    return Invalid("standard_input, standard_input_file: found both, expected one of them");
  }
  if (!job.standard_input_file.empty()) {
    UniqueFd file(open(job.standard_input_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return SystemError(errno, job.standard_input_file.string());
    return file;
  }
  if (job.standard_input.empty()) return UniqueFd();
  UniqueFd memory(memfd_create("plasm-stdin", MFD_CLOEXEC));
  if (!memory) return SystemError(errno, "standard input");
  PLASM_TRY_VOID(WriteAll(memory.get(), job.standard_input, "standard input"));
  if (lseek(memory.get(), 0, SEEK_SET) != 0) return SystemError(errno, "standard input");
  return memory;
}

}  // namespace plasm::libplasm
