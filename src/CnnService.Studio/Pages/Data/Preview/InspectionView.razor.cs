using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Browser;
using CnnService.Studio.Theming;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.Preview;

/// <summary>What an import would give: classes with their counts and examples, notes, files that are left out.</summary>
public sealed partial class InspectionView : IAsyncDisposable
{
    private const int FirstShown = 24;
    private const int MaxRejected = 200;

    private readonly Dictionary<string, string> _pictures = [];
    private int _shown = FirstShown;
    private Dictionary<string, int>? _numbers;

    /// <summary>What the service tells.</summary>
    [Parameter, EditorRequired]
    public DatasetInspection Inspection { get; set; } = null!;

    /// <summary>The dropped files, for pictures of the examples; null where the page was loaded anew, or an archive was dropped.</summary>
    [Parameter]
    public DroppedFiles? Files { get; set; }

    [Inject]
    internal BlobAddresses Blobs { get; set; } = null!;

    private int Largest => Math.Max(1, Inspection.Classes.Max(Count));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var address in _pictures.Values)
        {
            await Blobs.RevokeAsync(address);
        }
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => PictureAsync();

    private static int Count(InspectedClass found) => found.Images.Train + found.Images.Validation + found.Images.Test;

    private string BarOf(InspectedClass found, int index) => string.Create(CultureInfo.InvariantCulture,
        $"width: {100.0 * Count(found) / Largest:F1}%; background: {Tokens.SeriesColor(index)}");

    private Task ShowAllAsync()
    {
        _shown = int.MaxValue;
        return PictureAsync();
    }

    /// <summary>Examples are named by their paths in the archive, which are those of the dropped files.</summary>
    private async Task PictureAsync()
    {
        if (Files is null)
        {
            return;
        }

        _numbers ??= Files.Names.Index().ToDictionary(file => file.Item, file => file.Index);
        foreach (var example in Inspection.Classes.Take(_shown).SelectMany(found => found.Examples))
        {
            if (!_pictures.ContainsKey(example) && _numbers.TryGetValue(example, out var number))
            {
                _pictures[example] = await Files.AddressAsync(number);
            }
        }
    }
}
