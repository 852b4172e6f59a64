using CnnService.Client;
using CnnService.Studio.Service;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Data.List;

/// <summary>All data sets.</summary>
public sealed partial class DataPage
{
    private List<DatasetResource>? _datasets;
    private string? _next;
    private Exception? _failure;

    [Inject]
    internal CnnServiceClient Client { get; set; } = null!;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private Task LoadAsync()
    {
        (_datasets, _next) = (null, null);
        return MoreAsync();
    }

    private async Task MoreAsync()
    {
        _failure = null;
        try
        {
            var page = await Client.ListDatasetsAsync(after: _next);
            (_datasets ??= []).AddRange(page.Items);
            _next = page.Next;
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            _failure = failure;
        }
    }
}
