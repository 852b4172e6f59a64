using CnnService.Studio.Service;
using CnnService.Studio.Theming;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace CnnService.Studio.Shell;

/// <summary>What every screen lies in: the rail, the theme, and the sign-in where the service asks for a key.</summary>
public sealed partial class Layout : IAsyncDisposable
{
    private MudThemeProvider? _themeProvider;
    private ErrorBoundary? _boundary;
    private bool _isOpen;

    [Inject]
    internal ThemeChoice Choice { get; set; } = null!;

    [Inject]
    internal KeyStore Keys { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    public ValueTask DisposeAsync()
    {
        Choice.Changed -= Show;
        Keys.Changed -= Show;
        Navigation.LocationChanged -= OnMoved;
        return ValueTask.CompletedTask;
    }

    protected override async Task OnInitializedAsync()
    {
        Choice.Changed += Show;
        Keys.Changed += Show;
        Navigation.LocationChanged += OnMoved;
        await Choice.LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && _themeProvider is not null)
        {
            Choice.FollowSystem(await _themeProvider.GetSystemDarkModeAsync());
            await _themeProvider.WatchSystemDarkModeAsync(isDark =>
            {
                Choice.FollowSystem(isDark);
                return Task.CompletedTask;
            });
        }
    }

    private void Recover() => _boundary?.Recover();

    private void Show() => _ = InvokeAsync(StateHasChanged);

    private void OnMoved(object? sender, LocationChangedEventArgs moved)
    {
        _isOpen = false;
        _boundary?.Recover();
        Show();
    }
}
