using System.Text;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Tests.Api.OpenApi;

/// <summary>JSON for people to compare: what fits into a line stands in one.</summary>
internal static class ApprovedJson
{
    private const int Width = 160;

    public static string Format(JsonElement json)
    {
        var text = new StringBuilder();
        Write(json, 0, text);
        return text.ToString();
    }

    private static void Write(JsonElement json, int indent, StringBuilder text)
    {
        var line = JsonSerializer.Serialize(json, CoreJson.Options);
        if (indent + line.Length <= Width || json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            text.Append(line);
            return;
        }

        var isObject = json.ValueKind == JsonValueKind.Object;
        var parts = isObject
            ? json.EnumerateObject().Select(member => (Name: JsonSerializer.Serialize(member.Name, CoreJson.Options) + ":", member.Value))
            : json.EnumerateArray().Select(item => (Name: string.Empty, Value: item));
        text.Append(isObject ? '{' : '[').Append('\n');
        foreach (var (index, (name, value)) in parts.Index())
        {
            text.Append(index == 0 ? string.Empty : ",\n").Append(' ', indent + 1).Append(name);
            Write(value, indent + 1, text);
        }

        text.Append('\n').Append(' ', indent).Append(isObject ? '}' : ']');
    }
}
