#include "worker/protocol/job.h"

#include <algorithm>

#include "worker/protocol/wire.h"

namespace plasm::worker {
namespace {

void PutStrings(WireWriter& out, const std::vector<std::string>& strings) {
  out.Put(static_cast<std::uint32_t>(strings.size()));
  for (const auto& text : strings) out.PutString(text);
}

std::vector<std::string> TakeStrings(WireReader& in) {
  std::vector<std::string> strings(in.TakeCount(4));
  for (auto& text : strings) text = in.TakeString();
  return strings;
}

void PutFolder(WireWriter& out, const InputFolder& folder) {
  out.PutString(folder.guest_path);
  out.Put(static_cast<std::uint32_t>(folder.entries.size()));
  for (const auto& entry : folder.entries) {
    out.Put(static_cast<std::uint8_t>(entry.kind));
    out.PutString(entry.path);
    if (entry.kind == EntryKind::kFile) {
      out.Put(entry.offset);
      out.Put(entry.size);
    } else if (entry.kind == EntryKind::kSymlink) {
      out.PutString(entry.target);
    }
  }
}

InputEntry TakeEntry(WireReader& in) {
  InputEntry entry{};
  const auto kind = in.Take<std::uint8_t>();
  if (kind > static_cast<std::uint8_t>(EntryKind::kSymlink)) in.Fail();
  entry.kind = static_cast<EntryKind>(kind);
  entry.path = in.TakeString();
  if (entry.kind == EntryKind::kFile) {
    entry.offset = in.Take<std::uint64_t>();
    entry.size = in.Take<std::uint64_t>();
  } else if (entry.kind == EntryKind::kSymlink) {
    entry.target = in.TakeString();
  }
  return entry;
}

InputFolder TakeFolder(WireReader& in) {
  InputFolder folder;
  folder.guest_path = in.TakeString();
  folder.entries.resize(in.TakeCount(5));
  for (auto& entry : folder.entries) entry = TakeEntry(in);
  return folder;
}

}  // namespace

Bytes EncodeJob(const Job& job) {
  Bytes bytes;
  WireWriter out(bytes);
  out.Put(static_cast<std::uint8_t>(job.profile));
  out.Put(static_cast<std::uint8_t>(job.interactive));
  out.Put(job.start_time_ns);
  out.PutRaw(job.seed);
  out.Put(job.limits.memory_bytes);
  out.Put(job.limits.fuel);
  out.Put(job.limits.output_bytes);
  out.Put(job.limits.file_bytes);
  out.Put(job.limits.file_nodes);
  PutStrings(out, job.args);
  PutStrings(out, job.env);
  out.Put(static_cast<std::uint32_t>(job.folders.size()));
  for (const auto& folder : job.folders) PutFolder(out, folder);
  PutStrings(out, job.outputs);
  return bytes;
}

Result<Job> DecodeJob(ByteView bytes) {
  WireReader in(bytes);
  Job job;
  const auto profile = in.Take<std::uint8_t>();
  const auto interactive = in.Take<std::uint8_t>();
  if (profile > static_cast<std::uint8_t>(Profile::kLive) || interactive > 1) in.Fail();
  job.profile = static_cast<Profile>(profile);
  job.interactive = interactive == 1;
  job.start_time_ns = in.Take<std::uint64_t>();
  std::ranges::copy(in.TakeRaw(job.seed.size()), job.seed.begin());
  job.limits.memory_bytes = in.Take<std::uint64_t>();
  job.limits.fuel = in.Take<std::uint64_t>();
  job.limits.output_bytes = in.Take<std::uint64_t>();
  job.limits.file_bytes = in.Take<std::uint64_t>();
  job.limits.file_nodes = in.Take<std::uint32_t>();
  job.args = TakeStrings(in);
  job.env = TakeStrings(in);
  job.folders.resize(in.TakeCount(8));
  for (auto& folder : job.folders) folder = TakeFolder(in);
  job.outputs = TakeStrings(in);
  if (!in.Finished()) return Error{ErrorCode::kCorrupt, "job is not encoded as expected"};
  return job;
}

}  // namespace plasm::worker
