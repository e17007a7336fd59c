#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/recorder.h"
#include "oauth/metadata.h"

namespace mcprove::oauth {

/// Asks for documents side by side, in the order given. Internal to lib/oauth.
std::vector<Fetched> fetch_all(net::Recorder& recorder, const std::vector<std::string>& urls, const std::string& purpose);
/// Asks for one after the other and no further than the first that will do.
std::vector<Fetched> fetch_until(net::Recorder& recorder, const std::vector<std::string>& urls, const std::string& purpose,
                                 const std::function<bool(const Fetched&)>& will_do);

/// Why none of them could be used, of the kind that tells the caller whether to ask again.
Error none_usable(const std::string& what, const std::vector<Fetched>& tried);

/// The origin of a URL found in a document may be read from now on.
void found_url(net::Recorder& recorder, const std::string& url);

}  // namespace mcprove::oauth
