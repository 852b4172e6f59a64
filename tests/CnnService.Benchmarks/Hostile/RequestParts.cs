using System.Text;

namespace CnnService.Benchmarks.Hostile;

/// <summary>A request before it is written: sound at first, then broken in one place.</summary>
internal sealed class RequestParts
{
    public required string Method { get; set; }

    /// <summary>As it is sent, escapes included.</summary>
    public required string Path { get; set; }

    /// <summary>Names and values as they are sent, escapes included.</summary>
    public List<(string Name, string Value)> Query { get; } = [];

    public List<(string Name, string Value)> Headers { get; } = [];

    public string? ContentType { get; set; }

    /// <summary>Null: none.</summary>
    public byte[]? Body { get; set; }

    /// <summary>The bytes on the wire; one request per connection.</summary>
    public byte[] Write(string host)
    {
        var target = Query.Count == 0 ? Path : $"{Path}?{string.Join('&', Query.Select(one => $"{one.Name}={one.Value}"))}";
        var head = new StringBuilder($"{Method} {target} HTTP/1.1\r\n");
        Add("Host", host);
        Add("Connection", "close");
        Headers.ForEach(header => head.Append($"{header.Name}: {header.Value}\r\n"));
        if (ContentType is not null)
        {
            Add("Content-Type", ContentType);
        }

        var isFramed = Headers.Any(header => header.Name is "Content-Length" or "Transfer-Encoding");
        if ((Body is not null || Method is "POST" or "PUT") && !isFramed)
        {
            head.Append($"Content-Length: {Body?.Length ?? 0}\r\n");
        }

        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. Body ?? []];

        void Add(string name, string value)
        {
            if (!Headers.Any(header => header.Name == name))
            {
                head.Append($"{name}: {value}\r\n");
            }
        }
    }
}
