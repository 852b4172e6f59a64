using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using MudBlazor;

namespace CnnService.Studio.Pages.Data.Dataset;

/// <summary>The images of a data set, of which only those in sight are loaded: any place of any number is one request away.</summary>
public sealed partial class ImageGrid
{
    private const int RowHeight = 150; // As in the style.
    private const int Thumbnail = 256;
    private const int MaxPage = 200;
    private const int RailAndClasses = 560;
    private const int WideFrom = 1000;
    private const int Margin = 48;

    private int _columns = 6;
    private Exception? _failure;

    /// <summary>The data set.</summary>
    [Parameter, EditorRequired]
    public string Dataset { get; set; } = string.Empty;

    /// <summary>The revision that is shown.</summary>
    [Parameter, EditorRequired]
    public int Revision { get; set; }

    /// <summary>Only this class; null: all.</summary>
    [Parameter]
    public string? Class { get; set; }

    /// <summary>How many images there are.</summary>
    [Parameter, EditorRequired]
    public int Count { get; set; }

    /// <summary>Called with an image that was chosen.</summary>
    [Parameter]
    public EventCallback<ImageResource> Opened { get; set; }

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    [Inject]
    private IBrowserViewportService Viewport { get; set; } = null!;

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        var window = await Viewport.GetCurrentBrowserWindowSizeAsync();
        var room = window.Width - (window.Width < WideFrom ? Margin : RailAndClasses);
        _columns = Math.Clamp(room / RowHeight, 2, 12);
    }

    private async ValueTask<ItemsProviderResult<ImageRow>> RowsAsync(ItemsProviderRequest asked)
    {
        var rows = (Count + _columns - 1) / _columns;
        var wanted = Math.Min(asked.Count, MaxPage / _columns);
        try
        {
            var page = await Client.ListDatasetImagesAsync(
                Dataset, @class: Class, limit: Math.Max(1, wanted * _columns),
                after: string.Create(CultureInfo.InvariantCulture, $"{Revision}.{asked.StartIndex * _columns}"),
                cancellationToken: asked.CancellationToken);
            _failure = null;
            return new([.. page.Items.Chunk(_columns).Select(images => new ImageRow(images))], rows);
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
            StateHasChanged();
            return new([], 0);
        }
    }
}
