using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Parts.Rasters;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Look;

/// <summary>What each filter responds to most, drawn one after the other.</summary>
public sealed partial class PatternsView : IDisposable
{
    private const int PageSize = 24;

    private readonly Dictionary<int, string> _drawn = [];

    private (string Model, string Layer)? _loaded;

    private CancellationTokenSource? _cancel;

    private CnnServiceException? _failure;

    private TimeSpan? _each;

    private int _offset;

    private int _next;

    /// <summary>The model's version, as <c>name:version</c>.</summary>
    [Parameter, EditorRequired]
    public string Model { get; set; } = string.Empty;

    /// <summary>The layer.</summary>
    [Parameter, EditorRequired]
    public VisualLayerLink Layer { get; set; } = null!;

    /// <summary>Where a filter is looked at.</summary>
    [Parameter, EditorRequired]
    public Func<int, string> FilterAddress { get; set; } = null!;

    [Inject]
    private CnnServiceClient Client { get; set; } = null!;

    [Inject]
    private TimeProvider Clock { get; set; } = null!;

    private int Last => Math.Min(Layer.Filters, _offset + PageSize);

    private string? Progress
    {
        get
        {
            var left = Enumerable.Range(_offset, Last - _offset).Count(filter => !_drawn.ContainsKey(filter));
            var wait = _each is { } each && left > 0
                ? string.Create(CultureInfo.InvariantCulture, $", about {Math.Max(1, Math.Ceiling(left * each.TotalSeconds)):0} s left")
                : null;
            return left == 0 || _failure is not null ? null : $"Drawing: {Last - _offset - left} of {Last - _offset} done{wait}.";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancel?.Cancel();
        _cancel?.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != (Model, Layer.Name))
        {
            (_loaded, _offset, _each) = ((Model, Layer.Name), 0, null);
            _drawn.Clear();
            await DrawAsync();
        }
    }

    private Task TurnAsync(int offset)
    {
        _offset = offset;
        return DrawAsync();
    }

    /// <summary>One at a time, as the service draws them for one caller; the ones that it has kept come at once.</summary>
    private async Task DrawAsync()
    {
        _cancel?.Cancel();
        _cancel?.Dispose();
        _cancel = new();
        var (cancel, layer, model) = (_cancel.Token, Uri.EscapeDataString(Layer.Name), Uri.EscapeDataString(Model));
        _failure = null;
        try
        {
            for (_next = _offset; _next < Last; _next++)
            {
                if (_drawn.ContainsKey(_next))
                {
                    continue;
                }

                StateHasChanged();
                var start = Clock.GetTimestamp();
                var file = await Client.DownloadAsync($"visualize/{layer}/{_next}?model={model}&wait=60", cancel);
                _drawn[_next] = PngFile.ToAddress(file);
                _each = Clock.GetElapsedTime(start);
            }

            StateHasChanged();
        }
        catch (CnnServiceException failure)
        {
            _failure = failure;
            StateHasChanged();
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return; // Another page, another layer, or gone.
        }
    }
}
