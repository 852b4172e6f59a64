using System.Net;

namespace CnnService.Web.Hosting;

/// <summary>The address that speaks gRPC and nothing else, from the setting <c>Grpc:Url</c>.</summary>
/// <param name="Url">A loopback address, as Kestrel takes it.</param>
/// <param name="Port">Its port, by which requests are told apart: no other address has it.</param>
/// <param name="Refusal">Why the service does not start with it; null if it does.</param>
internal sealed record GrpcAddress(string Url, int Port, string? Refusal)
{
    public const string Setting = "Grpc:Url";

    /// <summary>The address that is set; null if none is.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="others">The addresses for HTTP.</param>
    public static GrpcAddress? Read(IConfiguration configuration, IEnumerable<string> others)
    {
        if (configuration[Setting] is not { Length: > 0 } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp || url.Port == 0
            || url.PathAndQuery != "/" || !IsLoopback(url.Host))
        {
            return new(text, 0,
                $"gRPC is served in plain text on loopback only: {Setting} must be an address such as http://localhost:5001, "
                + $"received '{text}'.");
        }

        var taken = others.FirstOrDefault(other => BindingAddress.Parse(other).Port == url.Port);
        return new($"http://{url.Host}:{url.Port}", url.Port,
            taken is null ? null : $"gRPC needs a port of its own: {Setting} is '{text}', and '{taken}' has the same port.");
    }

    /// <summary>Whether a host name or address in a URL is this machine's own.</summary>
    public static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>Whether a connection came to this address.</summary>
    public bool Owns(ConnectionInfo connection) => connection.LocalPort == Port;
}
