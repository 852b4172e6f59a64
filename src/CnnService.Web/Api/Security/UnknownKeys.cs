using System.Net;
using System.Net.Sockets;
using CnnService.Core.Common;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Api.Security;

/// <summary>
/// Counts requests with unknown keys by address, a minute at a time, and limits them: the log gets one line a minute, not one a request.
/// Known keys pass whatever their address, since many clients may share one behind a proxy, and keys of 32 random bytes are not found by
/// trying. Thread safe.
/// </summary>
internal sealed partial class UnknownKeys(IOptions<LimitOptions> limits, TimeProvider clock, ILogger<UnknownKeys> logger)
{
    private const int MaxAddresses = 10_000;
    private const int NetworkBytes = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _counts = []; // Guarded by _gate, as are the fields below.
    private long _opened;
    private long _unlogged;

    /// <summary>Counts a request.</summary>
    /// <param name="address">Where it came from; null if unknown.</param>
    /// <returns>Null within the limit, else the problem <c>auth.too-many</c>.</returns>
    public Problem? Count(IPAddress? address)
    {
        int sent;
        long refused;
        bool isFirst;
        TimeSpan left;
        lock (_gate)
        {
            isFirst = _counts.Count == 0 || clock.GetElapsedTime(_opened) >= Window;
            if (isFirst)
            {
                _counts.Clear();
                _opened = clock.GetTimestamp();
            }

            var network = NetworkOf(address ?? IPAddress.None);
            network = _counts.Count >= MaxAddresses && !_counts.ContainsKey(network) ? IPAddress.None : network;
            sent = _counts[network] = _counts.GetValueOrDefault(network) + 1;
            refused = isFirst ? _unlogged : 0;
            _unlogged = isFirst ? 0 : _unlogged + 1;
            left = Window - clock.GetElapsedTime(_opened);
        }

        if (isFirst)
        {
            LogUnknownKey(address, refused);
        }

        return sent <= limits.Value.UnknownKeysPerMinute ? null : new(ProblemKind.TooMany, "auth.too-many",
            $"An address may send {limits.Value.UnknownKeysPerMinute} requests a minute with keys that are not known.")
        {
            RetryAfter = left,
        };
    }

    /// <summary>An IPv6 client has a whole network of addresses.</summary>
    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(NetworkBytes).Clear();
        return new(bytes);
    }
}
