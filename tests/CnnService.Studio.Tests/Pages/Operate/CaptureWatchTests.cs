using System.Net;
using Bunit;
using CnnService.Studio.Pages.Operate.Watch;
using CnnService.Studio.Tests.Service;

namespace CnnService.Studio.Tests.Pages.Operate;

/// <summary>Images of callers: kept when that is asked for, and labelled.</summary>
public sealed class CaptureWatchTests : IAsyncDisposable
{
    private const string Capture =
        """{"model":"pets","share":0.1,"maxImages":1000,"maxBytes":1000000,"since":"2026-01-01T00:00:00Z","dropped":0}""";

    private const string Kept = """
        {"items":[{"id":"k","model":"pets","version":1,"label":"cats","probability":0.55,"uncertainty":0.99,
        "top":[{"label":"cats","probability":0.55},{"label":"dogs","probability":0.45}],
        "mediaType":"image/png","bytes":1,"capturedAt":"2026-01-01T00:00:00Z","labelled":null,"links":{} }],"next":null}
        """;

    private readonly StudioContext _page;
    private readonly List<string> _sent = [];
    private volatile bool _isOn;

    public CaptureWatchTests() => _page = new(new ScriptedService(Answer).Connect());

    public async ValueTask DisposeAsync() => await _page.DisposeAsync();

    [Fact]
    public void Nothing_Kept_CanBeAskedFor()
    {
        var watch = Open(mayChange: true);

        watch.WaitForElement("button", StudioContext.Limit);
        watch.FindAll("button")[1].Click();

        watch.WaitForElement(".captured", StudioContext.Limit);
        Assert.Equal(["PUT /models/pets/capture"], _sent);
    }

    [Fact]
    public void Nothing_Kept_IsNotOfferedWithoutTheRight()
    {
        var watch = Open(mayChange: false);

        watch.WaitForState(() => watch.Markup.Contains("Nothing of what callers send", StringComparison.Ordinal), StudioContext.Limit);

        Assert.Empty(watch.FindAll("button"));
    }

    [Fact]
    public void Image_Labelled_GoesIntoTheDataSetOfItsVersion()
    {
        _isOn = true;
        var watch = Open(mayChange: false);

        watch.WaitForElement(".labels button:nth-child(2)", StudioContext.Limit).Click();

        watch.WaitForState(() => _sent.Count == 1, StudioContext.Limit);
        Assert.Equal("""POST /models/pets/captured/k/label {"dataset":"photographs","class":"dogs"}""", _sent[0]);
    }

    private IRenderedComponent<CaptureWatch> Open(bool mayChange)
    {
        var watch = _page.Render<CaptureWatch>(parameters => parameters
            .Add(part => part.Model, Some.Model("pets", "photographs"))
            .Add(part => part.MayChange, mayChange)
            .Add(part => part.MayLabel, true));
        watch.Find("details").TriggerEvent("ontoggle", EventArgs.Empty);
        return watch;
    }

    private (HttpStatusCode? Status, string Json) Answer(HttpMethod method, string path, string body)
    {
        if (method != HttpMethod.Get)
        {
            _sent.Add($"{method} {path} {(method == HttpMethod.Post ? body : null)}".TrimEnd());
            _isOn = true;
        }

        return path.EndsWith("/capture", StringComparison.Ordinal) && _isOn ? (HttpStatusCode.OK, Capture)
            : path.Contains("/captured?", StringComparison.Ordinal) ? (HttpStatusCode.OK, Kept)
            : path.Contains("/drift", StringComparison.Ordinal) ? (HttpStatusCode.UnprocessableEntity, "{}")
            : (HttpStatusCode.NotFound, "{}");
    }
}
