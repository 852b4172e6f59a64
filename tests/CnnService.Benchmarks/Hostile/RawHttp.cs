using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CnnService.Benchmarks.Hostile;

/// <summary>Sends bytes as they are and reads until the answer is whole: no client library would send most of them.</summary>
internal static class RawHttp
{
    private const int Shown = 4000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<Answer> SendAsync(Uri service, HostileRequest request)
    {
        using var client = new TcpClient();
        using var limit = new CancellationTokenSource(Patience);
        var watch = Stopwatch.StartNew();
        var text = new StringBuilder();
        try
        {
            await client.ConnectAsync(service.Host, service.Port, limit.Token);
            await using var stream = client.GetStream();
            var writing = WriteAsync(client, stream, request, limit.Token);
            await ReadAsync(stream, text, limit.Token);
            await writing;
        }
        catch (OperationCanceledException)
        {
            return new(-1, text.ToString(), watch.Elapsed);
        }
        catch (IOException)
        {
            // The service has reset the connection; what it said before is the answer.
        }

        return new(StatusOf(text.ToString()), text.ToString(), watch.Elapsed);
    }

    /// <summary>Closes its half where the request ends before it is whole; the server takes that for a client that has left.</summary>
    private static async Task WriteAsync(TcpClient client, NetworkStream stream, HostileRequest request, CancellationToken cancel)
    {
        try
        {
            await stream.WriteAsync(request.Bytes, cancel);
            if (request.EndsEarly)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            // The service has answered and closed before all was sent.
        }
    }

    /// <summary>Reads the answer to its end; that of the connection comes later where the request's body is not whole.</summary>
    private static async Task ReadAsync(NetworkStream stream, StringBuilder text, CancellationToken cancel)
    {
        var buffer = new byte[1 << 16];
        var tail = string.Empty;
        var (total, end) = (0L, long.MaxValue);
        int read;
        while ((total < end || end < 0) && !(end < 0 && tail.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
            && (read = await stream.ReadAsync(buffer, cancel)) > 0)
        {
            total += read;
            tail = (tail + Encoding.Latin1.GetString(buffer, 0, read))[^Math.Min(tail.Length + read, 16)..];
            if (text.Length < Shown)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, Math.Min(read, Shown)));
                end = EndOf(text.ToString());
            }
        }
    }

    /// <summary>Length of head and body together; -1 for a body of chunks, the largest number if it is not known yet.</summary>
    private static long EndOf(string answer)
    {
        var head = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0)
        {
            return long.MaxValue;
        }

        var lines = answer[..head].Split("\r\n");
        var length = Array.Find(lines, line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return length is not null ? head + 4 + long.Parse(length.AsSpan(16), CultureInfo.InvariantCulture)
            : Array.Exists(lines, line => line.Equals("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)) ? -1
            : long.MaxValue;
    }

    private static int StatusOf(string answer) =>
        answer.Length > 12 && answer.StartsWith("HTTP/", StringComparison.Ordinal)
        && int.TryParse(answer.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;
}
