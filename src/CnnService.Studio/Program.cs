using CnnService.Studio.Browser;
using CnnService.Studio.Service;
using CnnService.Studio.Shell;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using MudBlazor.Services;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.RootComponents.Add<App>("#app");
builder.RootComponents.Add<HeadOutlet>("head::after");
builder.Services.AddMudServices();
builder.Services.AddBrowser();
builder.Services.AddService(new Uri(builder.HostEnvironment.BaseAddress));
await builder.Build().RunAsync();
