using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Service;
using CnnService.Studio.Theming;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Parts;

/// <summary>
/// A picture of the service, fetched through the client, which sends the key in a header. A skeleton of its size stands there while it
/// waits; its address in the browser is revoked when it goes.
/// </summary>
public sealed partial class ServiceImage : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private string? _wanted;
    private string? _source;
    private Exception? _failure;

    /// <summary>Relative to the service's address: <c>visualize/conv_1?count=16</c>. A change of it fetches the new picture.</summary>
    [Parameter, EditorRequired]
    public string Address { get; set; } = string.Empty;

    /// <summary>What it shows, for those who do not see it.</summary>
    [Parameter, EditorRequired]
    public string Alt { get; set; } = string.Empty;

    /// <summary>Width that it is shown at, in pixels; null: as wide as there is room.</summary>
    [Parameter]
    public int? Width { get; set; }

    /// <summary>Height of the skeleton, in pixels; null: as its width, and 3:2 where that is not given.</summary>
    [Parameter]
    public int? Height { get; set; }

    /// <summary>Whether the service draws it light or dark, as the page is (the parameter <c>theme</c>).</summary>
    [Parameter]
    public bool IsThemed { get; set; }

    /// <summary>Enlarged by whole pixels, as feature maps are.</summary>
    [Parameter]
    public bool IsPixelated { get; set; }

    /// <summary>Name of the file without its ending, for saving; null: it cannot be saved.</summary>
    [Parameter]
    public string? SaveAs { get; set; }

    /// <summary>Whether the address takes <c>format=svg</c>.</summary>
    [Parameter]
    public bool HasSvg { get; set; }

    /// <summary>One of many, in a button or a link: where it cannot be had its place stays empty, and a pointer is told why.</summary>
    [Parameter]
    public bool IsTile { get; set; }

    /// <summary>Classes of style.</summary>
    [Parameter]
    public string? Class { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    internal BlobAddresses Blobs { get; set; } = null!;

    [Inject]
    internal ThemeChoice Choice { get; set; } = null!;

    private string Themed => IsThemed && Choice.IsDark ? With(Address, "theme=dark") : Address;

    private string? Frame => string.Create(CultureInfo.InvariantCulture,
        $"{(Width is { } width ? $"width: {width}px; " : null)}{(_source is null ? Placeholder : null)}");

    private string Placeholder => Height is { } height ? string.Create(CultureInfo.InvariantCulture, $"height: {height}px")
        : Width is not null ? "aspect-ratio: 1" : "aspect-ratio: 3 / 2";

    public async ValueTask DisposeAsync()
    {
        Choice.Changed -= OnThemeChanged;
        await _ended.CancelAsync();
        _ended.Dispose();
        await ForgetAsync();
    }

    protected override void OnInitialized() => Choice.Changed += OnThemeChanged;

    protected override async Task OnParametersSetAsync()
    {
        if (_wanted != Themed)
        {
            await LoadAsync();
        }
    }

    private static string With(string address, string parameter) => $"{address}{(address.Contains('?') ? '&' : '?')}{parameter}";

    private async Task LoadAsync()
    {
        var address = _wanted = Themed;
        _failure = null;
        try
        {
            var content = await Client.DownloadAsync(address, _ended.Token);
            if (address == _wanted && !_ended.IsCancellationRequested)
            {
                var source = await Blobs.CreateAsync(content);
                await ForgetAsync();
                _source = source;
            }
        }
        catch (OperationCanceledException)
        {
            // It went before it came.
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            if (address == _wanted)
            {
                _failure = failure;
            }
        }
    }

    private async Task SaveAsync(bool isSvg)
    {
        try
        {
            var content = await Client.DownloadAsync(isSvg ? With(Themed, "format=svg") : Themed, _ended.Token);
            await Blobs.SaveAsync($"{SaveAs}.{MediaTypes.EndingOf(content)}", content);
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }

    private async ValueTask ForgetAsync()
    {
        if (_source is { } shown)
        {
            _source = null;
            await Blobs.RevokeAsync(shown);
        }
    }

    private void OnThemeChanged() => _ = InvokeAsync(async () =>
    {
        if (IsThemed && _wanted != Themed)
        {
            await LoadAsync();
            StateHasChanged();
        }
    });
}
