using System.Text.Json;
using CnnService.Core.Architecture;
using Microsoft.AspNetCore.Routing;

namespace CnnService.Web.Tests.Api.OpenApi;

/// <summary>A10: every endpoint says what it is, and the whole text is one that people have read.</summary>
public class ApiDocsTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private static IEnumerable<string> Faults(OpenApiText text, string name, JsonElement operation)
    {
        var answers = text.AnswersOf(operation).ToArray();
        (bool Holds, string Fault)[] rules =
        [
            (operation.TryGetProperty("operationId", out _), "has no name"),
            (operation.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 0, "has no summary"),
            (operation.TryGetProperty("tags", out var tags) && tags.GetArrayLength() == 1, "must have one tag"),
            (answers.Any(IsProblem), "declares no problem answer"),
            (answers.Any(answer => answer.Status[0] is '2'), "declares no good answer"),
        ];
        return rules.Where(rule => !rule.Holds).Select(rule => $"{name} {rule.Fault}");
    }

    private static bool IsProblem((string Status, JsonElement Answer) answer) => answer.Status[0] is '4' or '5' or 'd'
        && answer.Answer.TryGetProperty("content", out var content)
        && (content.TryGetProperty("application/problem+json", out _)
            || (content.TryGetProperty("application/json", out var protocol)
                && protocol.GetProperty("schema").GetRawText().Contains("InferenceError", StringComparison.Ordinal)));

    [Fact]
    public async Task OpenApiText_IsTheApprovedOne() =>
        ApprovedText.Matches("openapi.json", ApprovedJson.Format((await OpenApiText.OfAsync(service)).Root));

    [Fact]
    public async Task EveryOperation_HasNameSummaryTagAndProblemAnswers()
    {
        var text = await OpenApiText.OfAsync(service);
        Assert.Empty(text.Operations.SelectMany(pair => Faults(text, pair.Name, pair.Operation)));
    }

    [Fact]
    public void GuiltyOperation_IsCaught()
    {
        var silent = OpenApiText.Parse("""{"responses": {"400": {"content": {"text/plain": {}}}}}""");
        Assert.Equal(5, Faults(silent, "GET /silent", silent.Root).Count());
    }

    [Fact]
    public async Task EveryOperation_NameIsItsOwn()
    {
        var names = (await OpenApiText.OfAsync(service)).Operations.Select(pair => pair.Operation.GetProperty("operationId").GetString())
            .ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public async Task EveryJsonBody_HasAnExample()
    {
        var text = await OpenApiText.OfAsync(service);
        var bodies = text.Operations
            .SelectMany(pair => text.BodiesOf(pair.Operation).Select(body => (pair.Name, Body: body)))
            .Where(pair => pair.Body.Name == "application/json").ToArray();
        Assert.NotEmpty(bodies);
        Assert.Empty(bodies.Where(pair => !pair.Body.Value.TryGetProperty("example", out _)).Select(pair => pair.Name));
    }

    [Fact]
    public async Task EveryParameterAndAnswer_IsNamedAsInTheApi()
    {
        var text = await OpenApiText.OfAsync(service);
        foreach (var (name, operation) in text.Operations)
        {
            Assert.All(text.ParametersOf(operation).Where(parameter => parameter.GetProperty("in").GetString() != "header"),
                parameter => Assert.Matches(@"\A[a-z][A-Za-z]*\z", parameter.GetProperty("name").GetString()));
            Assert.All(text.AnswersOf(operation).Where(answer => answer.Status == "200"), answer =>
                Assert.True(answer.Answer.TryGetProperty("content", out var content) && content.EnumerateObject().Any(),
                    $"{name} does not say what it answers"));
        }
    }

    [Fact]
    public async Task EveryParameter_SaysWhatItMeans()
    {
        var text = await OpenApiText.OfAsync(service);
        Assert.Empty(
            from pair in text.Operations
            from parameter in text.ParametersOf(pair.Operation)
            where !parameter.TryGetProperty("description", out var words) || string.IsNullOrWhiteSpace(words.GetString())
            select $"{pair.Name}: {parameter.GetProperty("name").GetString()}");
    }

    [Fact]
    public async Task Text_SpeaksTheWordsOfTheApi() => // A reference in a comment becomes the full name of a type or field in code.
        Assert.DoesNotMatch(@"CnnService\.[A-Z]", await service.Client.GetStringAsync(CnnServiceApplication.Relative(OpenApiText.Address)));

    [Fact]
    public async Task EveryComponent_HasANameOfItsOwn() => Assert.All(
        (await OpenApiText.OfAsync(service)).Schemas.EnumerateObject(), schema => Assert.Matches(@"\A[A-Z][A-Za-z0-9]*\z", schema.Name));

    [Fact]
    public async Task LayerSchema_HasEachTypeWithItsFields()
    {
        var schemas = (await OpenApiText.OfAsync(service)).Schemas;
        var layer = schemas.GetProperty("LayerSpec");
        var mapping = layer.GetProperty("discriminator").GetProperty("mapping").EnumerateObject()
            .ToDictionary(kind => kind.Name, kind => kind.Value.GetString()!.Split('/')[^1]);
        Assert.Equal(LayerTypes.Names, mapping.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["inputs", "name", "type"],
            layer.GetProperty("properties").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
        Assert.All(mapping.Values, name => Assert.EndsWith(
            "/LayerSpec", Assert.Single(schemas.GetProperty(name).GetProperty("allOf").EnumerateArray()).GetProperty("$ref").GetString()));

        var fields = schemas.GetProperty(mapping["conv2d"]).GetProperty("properties").EnumerateObject().Select(field => field.Name)
            .Order(StringComparer.Ordinal);
        Assert.Equal(
            ["activation", "dilation", "filters", "groups", "kernelInitializer", "kernelSize", "l2", "padding", "paddingMode", "strides",
                "useBias"], fields);
        Assert.Equal(
            [("Padding2", "string"), ("Size2", "array"), ("Units", "integer")],
            new[] { "Padding2", "Size2", "Units" }.Select(name => (name, schemas.GetProperty(name).GetProperty("type").GetString())));
    }

    [Fact]
    public async Task EveryEndpoint_IsInTheText()
    {
        var written = (await OpenApiText.OfAsync(service)).Operations.Select(pair => pair.Name).ToHashSet();
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
}
