using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using Microsoft.AspNetCore.Routing;

namespace CnnService.Web.Tests.Api.OpenApi;

/// <summary>A10: every endpoint says what it is, and the whole text is one that people have read.</summary>
public class ApiDocsTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private static IEnumerable<string> Faults(string name, JsonElement operation)
    {
        var answers = operation.GetProperty("responses").EnumerateObject().ToArray();
        (bool Holds, string Fault)[] rules =
        [
            (operation.TryGetProperty("operationId", out _), "has no name"),
            (operation.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 0, "has no summary"),
            (operation.TryGetProperty("tags", out var tags) && tags.GetArrayLength() == 1, "must have one tag"),
            (answers.Any(IsProblem), "declares no problem answer"),
            (answers.Any(answer => answer.Name[0] is '2'), "declares no good answer"),
        ];
        return rules.Where(rule => !rule.Holds).Select(rule => $"{name} {rule.Fault}");
    }

    private static bool IsProblem(JsonProperty answer) => answer.Name[0] is '4' or '5'
        && answer.Value.TryGetProperty("content", out var content) && content.TryGetProperty("application/problem+json", out _);

    private const string Address = "swagger/v1/swagger.json";

    private static readonly string[] Verbs = ["get", "put", "post", "delete", "patch"];

    [Fact]
    public async Task OpenApiText_IsTheApprovedOne()
    {
        var document = await service.GetJsonAsync(Address);
        ApprovedText.Matches("openapi.json", JsonSerializer.Serialize(document, CoreJson.Indented));
    }

    [Fact]
    public async Task EveryOperation_HasNameSummaryTagAndProblemAnswers() =>
        Assert.Empty((await OperationsAsync()).SelectMany(pair => Faults(pair.Name, pair.Operation)));

    [Fact]
    public void GuiltyOperation_IsCaught()
    {
        using var silent = JsonDocument.Parse("""{"responses": {"400": {"content": {"text/plain": {}}}}}""");
        Assert.Equal(5, Faults("GET /silent", silent.RootElement).Count());
    }

    [Fact]
    public async Task EveryOperation_NameIsItsOwn()
    {
        var names = (await OperationsAsync()).Select(pair => pair.Operation.GetProperty("operationId").GetString()).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public async Task EveryJsonBody_HasAnExample()
    {
        var bodies = (await OperationsAsync())
            .Where(pair => pair.Operation.TryGetProperty("requestBody", out _))
            .Select(pair => (pair.Name, Content: pair.Operation.GetProperty("requestBody").GetProperty("content")))
            .Where(pair => pair.Content.TryGetProperty("application/json", out _))
            .ToArray();
        Assert.NotEmpty(bodies);
        Assert.Empty(
            bodies.Where(body => !body.Content.GetProperty("application/json").TryGetProperty("example", out _)).Select(body => body.Name));
    }

    [Fact]
    public async Task EveryParameterAndAnswer_IsNamedAsInTheApi()
    {
        foreach (var (name, operation) in await OperationsAsync())
        {
            if (operation.TryGetProperty("parameters", out var parameters))
            {
                Assert.All(parameters.EnumerateArray(),
                    parameter => Assert.Matches(@"\A[a-z][A-Za-z]*\z", parameter.GetProperty("name").GetString()));
            }

            Assert.All(operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Name == "200"), answer =>
                Assert.True(answer.Value.TryGetProperty("content", out var content) && content.EnumerateObject().Any(),
                    $"{name} does not say what it answers"));
        }
    }

    [Fact]
    public async Task EveryParameter_SaysWhatItMeans() => Assert.Empty(
        from pair in await OperationsAsync()
        where pair.Operation.TryGetProperty("parameters", out _)
        from parameter in pair.Operation.GetProperty("parameters").EnumerateArray()
        where !parameter.TryGetProperty("description", out var text) || string.IsNullOrWhiteSpace(text.GetString())
        select $"{pair.Name}: {parameter.GetProperty("name").GetString()}");

    [Fact]
    public async Task Text_SpeaksTheWordsOfTheApi() => // A reference in a comment becomes the full name of a type or field in code.
        Assert.DoesNotMatch(@"CnnService\.[A-Z]", await service.Client.GetStringAsync(CnnServiceApplication.Relative(Address)));

    [Fact]
    public async Task EveryComponent_HasANameOfItsOwn() =>
        Assert.All((await SchemasAsync()).EnumerateObject(), schema => Assert.Matches(@"\A[A-Z][A-Za-z0-9]*\z", schema.Name));

    [Fact]
    public async Task LayerSchema_HasEachTypeWithItsFields()
    {
        var schemas = await SchemasAsync();
        var layer = schemas.GetProperty("LayerSpec");
        var mapping = layer.GetProperty("discriminator").GetProperty("mapping").EnumerateObject()
            .ToDictionary(kind => kind.Name, kind => kind.Value.GetString()!.Split('/')[^1]);
        Assert.Equal(LayerTypes.Names, mapping.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(LayerTypes.Names.Count, layer.GetProperty("oneOf").GetArrayLength());
        foreach (var (name, schema) in mapping)
        {
            var written = schemas.GetProperty(schema);
            Assert.Equal(name,
                Assert.Single(written.GetProperty("properties").GetProperty("type").GetProperty("enum").EnumerateArray()).GetString());
            Assert.Contains($"`{name}`", layer.GetProperty("description").GetString(), StringComparison.Ordinal);
            Assert.True(written.GetProperty("properties").TryGetProperty("inputs", out _), name);
        }

        var fields = schemas.GetProperty(mapping["conv2d"]).GetProperty("properties").EnumerateObject().Select(field => field.Name)
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            ["activation", "dilation", "filters", "groups", "inputs", "kernelInitializer", "kernelSize", "l2", "name", "padding",
                "paddingMode", "strides", "type", "useBias"], fields);
        Assert.All(["Size2", "Padding2", "Units"],
            name => Assert.True(schemas.GetProperty(name).GetProperty("oneOf").GetArrayLength() > 1));
    }

    [Fact]
    public async Task EveryEndpoint_IsInTheText()
    {
        var written = (await OperationsAsync()).Select(pair => pair.Name).ToHashSet();
        var missing = ServiceRoute.Of(service)
            .Where(route => route.Endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true)
            .Where(route => route.Method != "HEAD") // Of files, beside GET.
            .Where(route => !route.Pattern.StartsWith("/hangfire", StringComparison.Ordinal)
                && !route.Pattern.StartsWith("/swagger", StringComparison.Ordinal))
            .Select(route => route.ToString().Replace(":int}", "}", StringComparison.Ordinal))
            .Where(route => !written.Contains(route));
        Assert.Empty(missing);
    }

    [Fact]
    public async Task SwaggerPage_IsServed()
    {
        var page = await service.Client.GetStringAsync(CnnServiceApplication.Relative("swagger/index.html"));
        Assert.Contains("swagger-ui", page, StringComparison.Ordinal);
    }

    private async Task<JsonElement> SchemasAsync() =>
        (await service.GetJsonAsync(Address)).GetProperty("components").GetProperty("schemas");

    private async Task<IReadOnlyList<(string Name, JsonElement Operation)>> OperationsAsync()
    {
        var document = await service.GetJsonAsync(Address);
        return
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               from operation in path.Value.EnumerateObject()
               where Verbs.Contains(operation.Name)
               select ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value),
        ];
    }
}
