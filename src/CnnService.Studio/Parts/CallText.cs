namespace CnnService.Studio.Parts;

/// <summary>Writes a call in the languages that people use.</summary>
internal static class CallText
{
    private const string KeyHint = "YOUR_KEY";

    public static string NameOf(CallLanguage language) => language switch
    {
        CallLanguage.Curl => "curl",
        CallLanguage.CSharp => "C#",
        CallLanguage.Python => "Python",
        _ => "JavaScript",
    };

    /// <param name="call">What is called.</param>
    /// <param name="language">In what.</param>
    /// <param name="service">The service's address, without a slash at the end.</param>
    /// <param name="hasKey">Whether the service asks for a key.</param>
    public static string Write(ServiceCall call, CallLanguage language, string service, bool hasKey) => language switch
    {
        CallLanguage.Curl => Curl(call, service, hasKey),
        CallLanguage.CSharp => CSharp(call, service, hasKey),
        CallLanguage.Python => Python(call, service, hasKey),
        _ => JavaScript(call, service, hasKey),
    };

    private static string Curl(ServiceCall call, string service, bool hasKey)
    {
        List<string> lines = [$"curl{(call.Method is "GET" ? null : $" -X {call.Method}")} '{service}/{call.Path}'"];
        if (hasKey)
        {
            lines.Add($"-H 'X-Api-Key: {KeyHint}'");
        }

        if (call.File is { } file)
        {
            lines.Add($"-F '{call.FileField}=@{file}'");
        }
        else if (call.Json is { } json)
        {
            lines.Add("-H 'Content-Type: application/json'");
            lines.Add($"-d '{json.Replace("'", "'\\''", StringComparison.Ordinal)}'");
        }

        return string.Join(" \\\n  ", lines);
    }

    private static string CSharp(ServiceCall call, string service, bool hasKey) => $$"""
        using CnnService.Client;

        var client = CnnServiceClient.Connect(new() { Address = new Uri("{{service}}"){{(hasKey ? $", ApiKey = \"{KeyHint}\"" : null)}} });
        {{call.CSharp}}
        """;

    private static string Python(ServiceCall call, string service, bool hasKey)
    {
        List<string> arguments = [$"\"{service}/{call.Path}\""];
        if (hasKey)
        {
            arguments.Add($"headers={{\"X-Api-Key\": \"{KeyHint}\"}}");
        }

        if (call.File is { } file)
        {
            arguments.Add($"files={{\"{call.FileField}\": open(\"{file}\", \"rb\")}}");
        }
        else if (call.Json is { } json)
        {
            arguments.Add($"headers={{\"Content-Type\": \"application/json\"{(hasKey ? $", \"X-Api-Key\": \"{KeyHint}\"" : null)}}}");
            arguments.Add($"data='''{json}'''");
            if (hasKey)
            {
                arguments.RemoveAt(1);
            }
        }

        var lower = call.Method.ToLowerInvariant();
        return $"import requests\n\nanswer = requests.{lower}(\n    {string.Join(",\n    ", arguments)},\n)\n"
            + "answer.raise_for_status()\nprint(answer.json())";
    }

    private static string JavaScript(ServiceCall call, string service, bool hasKey)
    {
        List<string> options = [];
        if (call.Method is not "GET")
        {
            options.Add($"method: '{call.Method}'");
        }

        string[] headers =
        [
            .. hasKey ? [$"'X-Api-Key': '{KeyHint}'"] : Array.Empty<string>(),
            .. call is { Json: not null, File: null } ? ["'Content-Type': 'application/json'"] : Array.Empty<string>(),
        ];
        if (headers.Length > 0)
        {
            options.Add($"headers: {{ {string.Join(", ", headers)} }}");
        }

        if (call.File is not null)
        {
            options.Add("body: form");
        }
        else if (call.Json is { } json)
        {
            options.Add($"body: JSON.stringify({json})");
        }

        var form = call.File is null ? null
            : $"const form = new FormData();\nform.append('{call.FileField}', file); // a File of an <input>\n";
        var given = options.Count == 0 ? null : $", {{\n  {string.Join(",\n  ", options)},\n}}";
        return $"{form}const answer = await fetch('{service}/{call.Path}'{given});\nconsole.log(await answer.json());";
    }
}
