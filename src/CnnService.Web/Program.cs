using CnnService.Web.Features;
using CnnService.Web.Hosting;
using CnnService.Web.Jobs;
using CnnService.Web.Measuring;
using CnnService.Web.Persistence;

if (args is [TrainingChild.Verb, var runFolder])
{
    return await TrainingChild.RunAsync(runFolder);
}

if (args is [ModelImportChild.Verb, var importFolder])
{
    return await ModelImportChild.RunAsync(importFolder);
}

if (args is [HealthProbe.Verb, var address])
{
    return await HealthProbe.RunAsync(address);
}

if (args.FirstOrDefault() is { } word && word[..1] is not ("-" or "/") && word != Quickstart.Verb)
{
    await Console.Error.WriteLineAsync($"CnnService does not know '{word}'; it takes settings (--urls=…) and the word {Quickstart.Verb}.");
    return 2;
}

// Settings lie beside the program; the working directory may be any.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }).AddServerLimits().AddPlainRefusals().AddConsoleLog();
var folders = builder.AddDataFolders();
var roles = builder.AddRoles();

builder.Services.AddErrorAnswers();
builder.Services.AddRequestIds();
builder.Services.AddSecurity(builder.Configuration, folders);
builder.Services.AddPersistence(builder.Configuration, folders);
builder.Services.AddEngines(folders);
builder.Services.AddJobs(builder.Configuration, roles);
builder.Services.AddFeatures();
builder.Services.AddTelemetry(builder.Configuration);
builder.Services.AddApiDocs();
builder.Services.AddQuickstart(args);

var app = builder.Build();
app.UseErrorAnswers();
app.UseRequestGuard();
app.UseApiPages();
app.UseSecurity();
app.MapFeatures();
app.MapTelemetry();
app.MapApiDocs();
app.MapJobsDashboard(Scopes.Admin);

return await ServiceRun.RunAsync(app, services => services.OpenStoreAsync());
