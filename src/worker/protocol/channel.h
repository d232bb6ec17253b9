// One end of the socket between supervisor and worker: buffered frames and the descriptors
// that travel with them.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <deque>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "worker/protocol/frame.h"

namespace plasm::worker {

enum class Blocking { kWait, kDontWait };
enum class IoStatus {
  kDone,        // everything was sent, or something was received
  kWouldBlock,  // some is left; poll and call again
  kClosed,      // the other side is gone
};

// Not thread-safe. Descriptors keep their order, and arrive no later than the frame with
// which they were queued.
class Channel {
 public:
  // Descriptors that were received and not yet taken; more is an error of the peer.
  static constexpr std::size_t kMaxHeldDescriptors = 32;

  // A channel that does not accept descriptors drops whatever the peer sends of them.
  enum class Descriptors { kAccept, kRefuse };
  Channel(UniqueFd socket, Descriptors descriptors)
      : socket_(std::move(socket)), descriptors_(descriptors) {}

  int fd() const { return socket_.get(); }

  // Frames to send are appended here and go out with Flush.
  Bytes& outgoing() { return outgoing_; }
  bool HasOutgoing() const { return sent_ < outgoing_.size(); }
  // Queues a descriptor for a frame that is appended next.
  void AttachDescriptor(UniqueFd descriptor) { to_send_.push_back(std::move(descriptor)); }

  Result<IoStatus> Flush(Blocking blocking);
  Result<IoStatus> Receive(Blocking blocking);

  // See FrameReader::Next.
  Result<std::optional<Frame>> NextFrame() { return reader_.Next(); }
  // The oldest descriptor received, or kCorrupt when there is none.
  Result<UniqueFd> TakeDescriptor();

 private:
  Result<void> KeepDescriptors(msghdr& message);

  UniqueFd socket_;
  Descriptors descriptors_;
  Bytes outgoing_;
  std::size_t sent_ = 0;
  std::deque<UniqueFd> to_send_;
  FrameReader reader_;
  std::deque<UniqueFd> received_;
};

}  // namespace plasm::worker
