using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace CnnService.Web.Api.OpenApi;

/// <summary>The OpenAPI document as it is served: made once, in as few bytes as JSON needs, with an ETag.</summary>
internal sealed class ApiText(ISwaggerProvider documents)
{
    public const string Name = "v1";

    public const string Path = $"/swagger/{Name}/swagger.json";

    /// <summary>What says nothing: the writer adds the first two to every bound, and numbers are doubles, whole ones of 32 bits.</summary>
    private static readonly (string Name, JsonNode Value)[] Defaults =
        [("exclusiveMinimum", false), ("exclusiveMaximum", false), ("format", "double"), ("format", "int32")];

    private readonly Lazy<byte[]> _json = new(() => Write(documents.GetSwagger(Name)));

    public IResult ToResult() => TypedResults.Bytes(_json.Value, "application/json",
        entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(XxHash3.Hash(_json.Value))}\""));

    private static byte[] Write(OpenApiDocument document)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV3(new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        var json = JsonNode.Parse(text.ToString())!;
        RemoveDefaults(json);
        return JsonSerializer.SerializeToUtf8Bytes(json, CoreJson.Options);
    }

    private static void RemoveDefaults(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, _) in Defaults.Where(usual => JsonNode.DeepEquals(members[usual.Name], usual.Value)))
            {
                members.Remove(name);
            }
        }

        foreach (var child in node is JsonArray list ? list : (node as JsonObject)?.Select(member => member.Value) ?? [])
        {
            if (child is not null)
            {
                RemoveDefaults(child);
            }
        }
    }
}
