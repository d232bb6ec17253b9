#include "net/transport.h"

#include <sys/socket.h>

namespace plasm::net {

void PlainTransport::Shutdown() { ::shutdown(socket_.fd(), SHUT_WR); }

}  // namespace plasm::net
