using System.Text.Json;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace CnnService.Web.Tests.Api.OpenApi;

/// <summary>The OpenAPI text is one that client generators and linters take: typed, without copies, with valid examples.</summary>
public class ApiTextTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private const int MaxBytes = 250_000;

    /// <summary>Schemas of a choice, and schemas without a type, which generators make nothing typed of.</summary>
    private static IEnumerable<string> Untyped(OpenApiText text) =>
        from place in text.Objects()
        let isSchema = place.Path.EndsWith("/schema", StringComparison.Ordinal)
            || place.Path.Split('/') is [.., "schemas" or "properties", _]
        where place.Object.TryGetProperty("oneOf", out _) || place.Object.TryGetProperty("anyOf", out _)
            || (isSchema && !place.Object.TryGetProperty("type", out _) && !place.Object.TryGetProperty("$ref", out _)
                && !place.Object.TryGetProperty("allOf", out _) && place.Object.EnumerateObject().Any())
        select place.Path;

    /// <summary>Parameters, answers and bodies that are written out in more than one operation.</summary>
    private static IEnumerable<string> Copies(OpenApiText text) =>
        from part in text.Operations.SelectMany(one => Parts(one.Operation))
        where !part.TryGetProperty("$ref", out _)
        group part by part.GetRawText() into same
        where same.Count() > 1
        select same.Key;

    private static IEnumerable<JsonElement> Parts(JsonElement operation) =>
    [
        .. operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default,
        .. operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Value),
        .. operation.TryGetProperty("requestBody", out var body) ? new[] { body } : [],
    ];

    private static IEnumerable<string> BadExamples(OpenApiText text) =>
    [
        .. from one in text.Operations
           from parameter in text.ParametersOf(one.Operation)
           where parameter.TryGetProperty("example", out _)
           from fault in SchemaCheck.Faults(text, parameter.GetProperty("schema"), parameter.GetProperty("example"))
           select $"{one.Name} {parameter.GetProperty("name")}: {fault}",
        .. from one in text.Operations
           from body in text.BodiesOf(one.Operation)
           where body.Value.TryGetProperty("example", out _)
           from fault in SchemaCheck.Faults(text, body.Value.GetProperty("schema"), body.Value.GetProperty("example"))
           select $"{one.Name}: {fault}",
    ];

    /// <summary>Operations with bodies of several media types, of which generators keep one.</summary>
    private static IEnumerable<string> Choices(OpenApiText text) =>
        text.Operations.Where(one => text.BodiesOf(one.Operation).Count > 1).Select(one => one.Name);

    [Fact]
    public async Task Schemas_AreTyped() => Assert.Empty(Untyped(await OpenApiText.OfAsync(service)));

    [Fact]
    public async Task Parts_AreWrittenOnce() => Assert.Empty(Copies(await OpenApiText.OfAsync(service)));

    [Fact]
    public async Task Examples_AreValid()
    {
        var text = await OpenApiText.OfAsync(service);
        Assert.Empty(BadExamples(text));
        Assert.True(text.Operations.SelectMany(one => text.BodiesOf(one.Operation))
            .Count(body => body.Value.TryGetProperty("example", out _)) > 10);
    }

    [Fact]
    public async Task Bodies_HaveOneMediaType() => Assert.Empty(Choices(await OpenApiText.OfAsync(service)));

    [Fact]
    public void GuiltyText_IsCaught()
    {
        var text = OpenApiText.Parse("""
            {
              "paths": {
                "/a": { "post": {
                  "parameters": [ { "name": "top", "schema": { "type": "integer", "maximum": 3 }, "example": 4 } ],
                  "requestBody": { "content": {
                    "application/json": { "schema": { "$ref": "#/components/schemas/Body" }, "example": { "size": 3, "sort": 1 } },
                    "image/png": {} } },
                  "responses": { "200": { "description": "OK" } } } },
                "/b": { "get": { "responses": { "200": { "description": "OK" } } } }
              },
              "components": { "schemas": {
                "Body": { "type": "object", "required": ["name"], "additionalProperties": false,
                  "properties": { "size": { "$ref": "#/components/schemas/Size" }, "name": { "description": "any" } } },
                "Size": { "oneOf": [ { "type": "integer" }, { "type": "array" } ] }
              } }
            }
            """);
        Assert.Equal(["#/components/schemas/Body/properties/name", "#/components/schemas/Size"], Untyped(text).Distinct());
        Assert.Single(Copies(text));
        Assert.Equal(["POST /a top: $ is 4", "POST /a: $.name is missing", "POST /a: $.sort is unknown"], BadExamples(text));
        Assert.Equal(["POST /a"], Choices(text));
    }

    [Fact]
    public async Task Text_IsShortAndSentOnce()
    {
        using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative(OpenApiText.Address));
        Assert.InRange((await answer.Content.ReadAsByteArrayAsync()).Length, 1, MaxBytes);
        using var again = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative(OpenApiText.Address));
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        using var unchanged = await service.Client.SendAsync(again);
        Assert.Equal(System.Net.HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Tags_AreDescribed()
    {
        var text = await OpenApiText.OfAsync(service);
        var described = text.Root.GetProperty("tags").EnumerateArray()
            .Where(tag => tag.TryGetProperty("description", out var words) && words.GetString()!.Length > 0)
            .Select(tag => tag.GetProperty("name").GetString()).ToArray();
        Assert.Equal("Data sets", described[0]);
        Assert.Empty(text.Operations.Where(one => !described.Contains(one.Operation.GetProperty("tags")[0].GetString()))
            .Select(one => one.Name));
    }

    [Fact]
    public void RoutesWithSeveralBodies_SayWhichTheyTake() => Assert.Empty(
        from route in ServiceRoute.Of(service)
        where route.Endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null
            && route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Count > 1
            && route.Endpoint.Metadata.GetMetadata<OtherBodies>() is null
        select route.ToString());

    [Fact]
    public async Task FormFields_SayWhatTheyMean() => Assert.Empty(
        from text in new[] { await OpenApiText.OfAsync(service) }
        from one in text.Operations
        from body in text.BodiesOf(one.Operation)
        where body.Name == "multipart/form-data"
        from field in text.Follow(body.Value.GetProperty("schema")).GetProperty("properties").EnumerateObject()
        where !field.Value.TryGetProperty("description", out _)
        select $"{one.Name}: {field.Name}");

    [Fact]
    public async Task TrainRequest_BoundsInTheText_AreEnforced()
    {
        var text = await OpenApiText.OfAsync(service);
        var fields = text.Schemas.GetProperty("TrainRequest").GetProperty("properties").EnumerateObject()
            .Where(field => field.Value.TryGetProperty("maximum", out _)).ToArray();
        Assert.True(fields.Length > 8);
        var beyond = fields.ToDictionary(field => field.Name, field => field.Value.GetProperty("type").GetString() == "integer"
            ? (object)(field.Value.GetProperty("maximum").GetInt64() + 1)
            : field.Value.GetProperty("maximum").GetDouble() + 0.5);
        using var body = new StringContent(
            JsonSerializer.Serialize(beyond.Append(new("dataset", "shapes")).ToDictionary(), CoreJson.Options), null, "application/json");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("train"), body);
        var errors = (await CnnServiceApplication.JsonAsync(answer)).GetProperty("errors").EnumerateObject().Select(error => error.Name);
        Assert.Empty(beyond.Keys.Except(errors));
    }

    [Fact]
    public async Task QueryBoundsInTheText_AreEnforced()
    {
        var text = await OpenApiText.OfAsync(service);
        List<string> lax = [];
        foreach (var (name, operation) in text.Operations.Where(one => one.Name.StartsWith("GET /visualize", StringComparison.Ordinal)))
        {
            var path = name[4..].Replace("{filter}", "0", StringComparison.Ordinal).Replace('{', 'a').Replace('}', 'z');
            foreach (var parameter in text.ParametersOf(operation).Where(one => one.GetProperty("in").GetString() == "query"))
            {
                var query = parameter.GetProperty("name").GetString()!;
                foreach (var value in Beyond(parameter.GetProperty("schema")))
                {
                    using var answer = await service.Client.GetAsync(CnnServiceApplication.Relative($"{path[1..]}?{query}={value}"));
                    var problem = await CnnServiceApplication.JsonAsync(answer);
                    if (!problem.TryGetProperty("errors", out var errors) || !errors.TryGetProperty(query, out _))
                    {
                        lax.Add($"{name}?{query}={value}: {problem}");
                    }
                }
            }
        }

        Assert.Empty(lax);
    }

    /// <summary>The nearest whole numbers outside the bounds.</summary>
    private static IEnumerable<long> Beyond(JsonElement schema)
    {
        if (schema.TryGetProperty("minimum", out var least))
        {
            yield return (long)Math.Floor(least.GetDouble()) - 1;
        }

        if (schema.TryGetProperty("maximum", out var most) && most.GetDouble() < int.MaxValue)
        {
            yield return (long)Math.Ceiling(most.GetDouble()) + 1;
        }
    }
}
