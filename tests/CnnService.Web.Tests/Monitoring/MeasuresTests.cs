using System.Text.Json;
using System.Text.RegularExpressions;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Features.Classify;

namespace CnnService.Web.Tests.Monitoring;

/// <summary>What a service that has worked tells at /metrics, and what the dashboard and the manual make of it.</summary>
[Collection(MeasuredService.Collection)]
public sealed partial class MeasuresTests(MeasuredService fixture)
{
    /// <summary>Prometheus adds them.</summary>
    private static readonly string[] Target = ["job", "instance"];

    private static readonly Lazy<JsonElement> Dashboard = new(() => JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Path.Combine(Repository.Root, "deploy", "grafana", "cnnservice.json"))));

    /// <summary>Rows too, which only part the others.</summary>
    private static JsonElement[] AllPanels => [.. Dashboard.Value.GetProperty("panels").EnumerateArray()];

    [Theory]
    [InlineData("cnnservice_runs", "state", "succeeded", 1)]
    [InlineData("cnnservice_runs", "state", "queued", 0)]
    [InlineData("cnnservice_classify_jobs", "state", "succeeded", 1)]
    [InlineData("cnnservice_classify_jobs", "state", "running", 0)]
    [InlineData("cnnservice_datasets", "status", "ready", 1)]
    [InlineData("cnnservice_datasets", "status", "failed", 0)]
    [InlineData("cnnservice_store_reachable", null, null, 1)]
    [InlineData("cnnservice_runs_oldest_waiting_seconds", null, null, 0)]
    public void Gauge_TellsWhatThereIs(string name, string? label, string? value, double expected) =>
    Assert.Equal(expected, One(name, label, value).Value);

    [Fact]
    public void Sizes_AreThoseOfTheFiles()
    {
        Assert.Equal(ColoursToClassify.Images.Sum(image => RedOrBlue.Image(image.Red, image.Green, image.Blue).Length),
            One("cnnservice_datasets_size_bytes").Value);
        Assert.Equal(fixture.CacheBytes, One("cnnservice_render_cache_size_bytes").Value);
    }

    [Theory]
    [InlineData("pattern", "drawn")]
    [InlineData("pattern", "hit")]
    [InlineData("class", "drawn")]
    [InlineData("explanation", "drawn")]
    [InlineData("feature-map", "drawn")]
    [InlineData("kernel", "drawn")]
    public void Render_IsCountedByKindAndOutcome(string kind, string outcome) => Assert.Contains(
        fixture.Samples,
        sample => sample.Name == "cnnservice_render_duration_seconds_count" && sample.Has("kind", kind) && sample.Has("outcome", outcome)
            && sample.Value >= 1);

    [Fact]
    public void Refusal_IsCountedByItsCode()
    {
        Assert.True(One("cnnservice_requests_refused_total", "code", "store.unavailable").Value >= 1);
        Assert.True(One("cnnservice_classify_refused_total", "code", "classify.queue-full").Value >= 1);
    }

    [Fact]
    public void AnotherServiceInTheProcess_IsNotToldOf() =>
    Assert.DoesNotContain(fixture.Samples, sample => sample.Name == MeasuredService.Foreign.Replace('.', '_'));

    [Fact]
    public void Log_OfATraining_HasTheRunInItsScope() =>
        Assert.Contains(fixture.Log.Entries,
            entry => entry.Ids is [var run] && run == fixture.Run && entry.Text.Contains("attempt 1 begins", StringComparison.Ordinal));

    [Fact]
    public void Training_IsToldOfAfterItsEnd()
    {
        Assert.Equal(1, One("cnnservice_training_epoch", "run", fixture.Run).Value);
        Assert.True(One("cnnservice_training_images_per_second", "run", fixture.Run).Value > 0);
    }

    [Fact]
    public void Requests_AreToldApartByTemplates_NeverByPaths()
    {
        var routes =
            fixture.Samples.Where(sample => sample.Name == "http_server_request_duration_seconds_count")
            .Select(sample => sample.Labels.GetValueOrDefault("http_route", string.Empty)).ToHashSet();

        Assert.Contains("/runs/{id}", routes);
        Assert.Contains("/visualize/{layer}/{filter:int}", routes);
        Assert.DoesNotContain(routes,
            route => route.Contains("colours", StringComparison.Ordinal) || route.Contains("conv_1", StringComparison.Ordinal));
    }

    [Fact]
    public void Dashboard_AsksForWhatIsTold()
    {
        var told = fixture.Samples.GroupBy(sample => sample.Name)
            .ToDictionary(same => same.Key, same => same.SelectMany(sample => sample.Labels.Keys).Concat(Target).ToHashSet());
        var expressions = Panels().SelectMany(Expressions).ToArray();

        Assert.True(expressions.Length > 20, $"{expressions.Length} expressions");
        foreach (var expression in expressions)
        {
            var series = PromQl.Series(expression).ToArray();
            Assert.NotEmpty(series);
            Assert.All(series, one => Assert.True(told.ContainsKey(one.Name), $"{one.Name} is not told: {expression}"));
            Assert.All(series, one => Assert.Empty(one.Labels.Except(told[one.Name])));
            Assert.Empty(PromQl.GroupedBy(expression).Except(series.SelectMany(one => told[one.Name])));
        }
    }

    [Fact]
    public void Dashboard_EveryPanelAsksSomething()
    {
        var panels = Panels().ToArray();

        Assert.True(panels.Length > 10, $"{panels.Length} panels");
        Assert.All(panels, panel => Assert.NotEmpty(Expressions(panel)));
        Assert.All(panels.SelectMany(Expressions), expression => Assert.False(string.IsNullOrWhiteSpace(expression)));
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("title").GetString()).Distinct().Count());
        Assert.Equal(AllPanels.Length, AllPanels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
    }

    [Fact]
    public void Readme_NamesWhatIsTold()
    {
        var told = fixture.Samples.Select(sample => sample.Name).ToHashSet();
        var named =
            ManualName().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "docs", "operating.md")))
            .Select(match => match.Groups["name"].Value).ToArray();

        Assert.True(named.Length > 15, string.Join(' ', named));
        Assert.All(named, name => Assert.True(told.Contains(name) || told.Contains($"{name}_count"), $"{name} is not told"));
        var own = told.Where(
            name => name.StartsWith("cnnservice_", StringComparison.Ordinal)
                && !name.StartsWith("cnnservice_training_", StringComparison.Ordinal));
        Assert.Equal([], own.Select(Stem).Except(named.Select(Stem)));
    }

    [Theory]
    [InlineData("sum by (a, b) (rate(x_total{job=~\"$job\", c=\"d,}{\"}[$__rate_interval])) / y", "x_total:job+c y:")]
    [InlineData("histogram_quantile(0.5, sum by (le) (rate(z_bucket[5m]))) and on (job) w{q!=\"1\"}", "z_bucket: w:q")]
    public void PromQl_FindsSeriesAndLabels(string expression, string expected) =>
        Assert.Equal(expected, string.Join(' ', PromQl.Series(expression).Select(one => $"{one.Name}:{string.Join('+', one.Labels)}")));

    private static string Stem(string name) => Suffix().Replace(name, string.Empty);

    private static IEnumerable<JsonElement> Panels() => AllPanels.Where(panel => panel.GetProperty("type").GetString() != "row");

    private static IEnumerable<string> Expressions(JsonElement panel) =>
        panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("expr").GetString()!);

    private Sample One(string name, string? label = null, string? value = null) =>
        Assert.Single(fixture.Samples, sample => sample.Name == name && (label is null || sample.Has(label, value!)));

    [GeneratedRegex("`(?<name>(cnnservice|http_server|dotnet)_[a-z0-9_]+)`")]
    private static partial Regex ManualName();

    [GeneratedRegex("_(count|sum|bucket)$")]
    private static partial Regex Suffix();
}
