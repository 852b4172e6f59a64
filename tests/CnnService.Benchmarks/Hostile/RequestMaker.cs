using System.Globalization;
using System.Text.Json;

namespace CnnService.Benchmarks.Hostile;

/// <summary>
/// Makes requests from the OpenAPI text: each operation in turn, sound but for one rule. The same seed and number give the same request.
/// </summary>
/// <param name="operations">Of the service.</param>
/// <param name="sound">Values that the service accepts.</param>
/// <param name="host">The service's host and port.</param>
/// <param name="seed">Of all choices.</param>
internal sealed class RequestMaker(IReadOnlyList<ApiOperation> operations, SoundValues sound, string host, int seed)
{
    /// <summary>Every answer is to come within this, beyond the time a request itself asks to wait.</summary>
    private static readonly TimeSpan General = TimeSpan.FromSeconds(5);

    /// <summary>What <c>wait</c> means where it is not given.</summary>
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);

    /// <summary>A model file is opened in a process of its own, which has this time.</summary>
    private static readonly TimeSpan ModelImport = TimeSpan.FromSeconds(20);

    public HostileRequest Make(int number)
    {
        var operation = operations[number % operations.Count];
        var chance = new Chance(seed, number);
        var parts = Sound(operation, chance);
        var kinds = new List<Func<string>> { () => BreakHeader(parts, chance) };
        if (operation.Parameters.Count > 0)
        {
            kinds.AddRange(Enumerable.Repeat(() => BreakParameter(operation, parts, chance), 3));
        }

        if (parts.Body is not null)
        {
            kinds.AddRange(Enumerable.Repeat(() => BreakBody(operation, parts, chance), 5));
        }

        kinds.Add(() => BreakQuery(parts, chance));
        if (chance.Below(12) == 0)
        {
            var (bytes, endsEarly) = BrokenWire.Break(parts, host, chance);
            return new(operation, $"wire #{number}", bytes, LimitOf(operation, parts), endsEarly);
        }

        var rule = chance.Pick(kinds)();
        return new(operation, $"{rule} #{number}", parts.Write(host), LimitOf(operation, parts));
    }

    private RequestParts Sound(ApiOperation operation, Chance chance)
    {
        var path = operation.Path;
        var parts = new RequestParts { Method = operation.Method, Path = path };
        foreach (var parameter in operation.Parameters)
        {
            var value = sound.Value(operation, parameter);
            if (parameter.IsInPath)
            {
                parts.Path = parts.Path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
            }
            else if (parameter.Name is "wait" or "iterations" or "size" or "images" or "count" or "steps" or "samples"
                || chance.Below(4) == 0)
            {
                parts.Query.Add((parameter.Name, Uri.EscapeDataString(value)));
            }
        }

        if (operation.Bodies.Count > 0)
        {
            SetBody(operation, chance.Pick(operation.Bodies), parts);
        }

        return parts;
    }

    private void SetBody(ApiOperation operation, ApiBody body, RequestParts parts)
    {
        parts.ContentType = body.MediaType == "*/*" ? "application/json" : body.MediaType;
        switch (parts.ContentType)
        {
            case "application/json":
                parts.Body = JsonSerializer.SerializeToUtf8Bytes(sound.Json(operation, body));
                break;
            case "multipart/form-data":
                parts.ContentType = $"multipart/form-data; boundary={BrokenForm.Boundary}";
                parts.Body = BrokenForm.Write(sound.Form(operation));
                break;
            default:
                parts.Body = sound.File;
                break;
        }
    }

    private static string BreakHeader(RequestParts parts, Chance chance)
    {
        var (name, value) = chance.Pick(OddValues.Headers);
        parts.Headers.Add((name, value));
        return $"header {name}";
    }

    private static string BreakQuery(RequestParts parts, Chance chance)
    {
        switch (chance.Below(3))
        {
            case 0 when parts.Query.Count > 0:
                parts.Query.Add(chance.Pick(parts.Query));
                return "parameter twice";
            case 1:
                parts.Query.AddRange(Enumerable.Range(0, chance.Pick(1, 10, 600)).Select(i => ($"p{i}", "1")));
                return "unknown parameters";
            default:
                parts.Query.Add((chance.Pick(OddValues.InUrl), chance.Pick(OddValues.InUrl)));
                return "odd parameter";
        }
    }

    private string BreakParameter(ApiOperation operation, RequestParts parts, Chance chance)
    {
        var parameter = chance.Pick(operation.Parameters);
        var odd = chance.Pick(OddValues.InUrl);
        if (parameter.IsInPath)
        {
            var value = sound.Value(operation, parameter);
            parts.Path = operation.Path;
            foreach (var other in operation.Parameters.Where(other => other.IsInPath))
            {
                parts.Path = parts.Path.Replace($"{{{other.Name}}}", other == parameter ? odd : Uri.EscapeDataString(
                    sound.Value(operation, other)), StringComparison.Ordinal);
            }

            return $"path {parameter.Name} (not {value})";
        }

        parts.Query.RemoveAll(one => one.Name == parameter.Name);
        parts.Query.Add((parameter.Name, odd));
        return $"parameter {parameter.Name}";
    }

    private string BreakBody(ApiOperation operation, RequestParts parts, Chance chance)
    {
        if (chance.Below(10) == 0)
        {
            parts.ContentType = chance.Pick(OddValues.MediaTypes);
            return "media type";
        }

        if (parts.ContentType == "application/json")
        {
            var body = operation.Bodies.First(one => one.MediaType is "application/json" or "*/*");
            var fields = body.Schema.ValueKind == JsonValueKind.Object && body.Schema.TryGetProperty("properties", out var properties)
                ? properties.EnumerateObject().Select(one => one.Name).ToArray()
                : [];
            (var rule, parts.Body) = BrokenJson.Break(sound.Json(operation, body), fields, chance);
            return $"json {rule}";
        }

        if (parts.ContentType!.StartsWith("multipart", StringComparison.Ordinal))
        {
            (var rule, parts.Body) = BrokenForm.Break(sound.Form(operation), chance);
            return rule;
        }

        parts.Body = BrokenFile(chance);
        return "file";
    }

    private byte[] BrokenFile(Chance chance)
    {
        var file = sound.File.ToArray();
        switch (chance.Below(5))
        {
            case 0:
                return file[..chance.Below(file.Length)];
            case 1:
                return [];
            case 2:
                return new byte[chance.Pick(1, 100, 1 << 20)];
            default:
                for (var times = 1 + chance.Below(20); times > 0; times--)
                {
                    file[chance.Below(chance.Pick(file.Length, Math.Min(700, file.Length)))] = (byte)chance.Below(256);
                }

                return file;
        }
    }

    private static TimeSpan LimitOf(ApiOperation operation, RequestParts parts)
    {
        if (operation is { Method: "POST", Path: "/models" })
        {
            return General + ModelImport;
        }

        if (!operation.Parameters.Any(parameter => parameter.Name == "wait"))
        {
            return General;
        }

        var given = parts.Query.LastOrDefault(one => one.Name == "wait").Value;
        return General + (given is null ? DefaultWait
            : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(Math.Min(seconds, DefaultWait.TotalSeconds * 2))
                : TimeSpan.Zero);
    }
}
