using CnnService.Engines;
using CnnService.Web.Api;
using CnnService.Web.Artifacts;
using CnnService.Web.Features;
using CnnService.Web.Features.Operating;
using CnnService.Web.Hosting;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using CnnService.Web.Work;

var verbs = new Verbs
{
    [TrainingChild.Verb] = rest => TrainingChild.RunAsync(rest[0]),
    [ModelImportChild.Verb] = rest => ModelImportChild.RunAsync(rest[0]),
    [SpeedChild.Verb] = _ => SpeedChild.RunAsync(),
    [HealthProbe.Verb] = rest => HealthProbe.RunAsync(rest[0]),
};
if (await verbs.RunAsync(args) is { } exitCode)
{
    return exitCode;
}

var builder = ServiceHost.CreateBuilder(args).AddListSettings().AddServerLimits().AddGrpcAddress().AddConsoleLog();
var folders = builder.AddDataFolders();
var roles = builder.AddRoles();
builder.Services.AddApi(builder.Configuration, folders);
builder.Services.AddPersistence(builder.Configuration, folders, roles.Connections);
builder.Services.AddCnnEngines(folders.PixelCache, folders.Starts).AddDrawnImages(folders);
builder.Services.AddWork(builder.Configuration, roles);
builder.Services.AddFeatures(builder.Configuration);
builder.Services.AddTelemetry(builder.Configuration);
builder.Services.AddQuickstart(args);

return await ServiceHost.RunAsync(
    builder,
    app =>
    {
        app.Use(Draining.AnswerAsync);
        app.UseGrpcAddress();
        app.UseApi();
        app.MapFeatures();
        app.MapTelemetry();
        app.MapApiDocs();
        app.MapJobPages(Scopes.Read, Scopes.Admin);
    },
    services => services.OpenStoreAsync(),
    Doctor.RunAsync);
