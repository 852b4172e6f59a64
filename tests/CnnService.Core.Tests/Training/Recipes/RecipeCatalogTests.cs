using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Recipes;
using CnnService.Core.Training.Requests;

namespace CnnService.Core.Tests.Training.Recipes;

public sealed class RecipeCatalogTests
{
    public static TheoryData<string> Names => [.. RecipeCatalog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fill_OfEachRecipe_IsARequestThatKeepsEveryRule(string name)
    {
        var errors = new ValidationErrors();

        var request = TrainRequestReader.Read(Json($$"""{"dataset":"d","recipe":"{{name}}"}"""), errors);

        Assert.False(errors.Any, Some.Text(errors));
        Assert.Equal(name, request!.Recipe);
    }

    [Fact]
    public void Fill_OfTheDefault_IsWhatNothingSaidMeans()
    {
        var (said, meant) = (Read("""{"dataset":"d"}"""), Read("""{"dataset":"d","recipe":"article"}"""));

        Assert.Equal((said.Epochs, said.BatchSize, said.Optimizer, said.Schedule),
            (meant.Epochs, meant.BatchSize, meant.Optimizer, meant.Schedule));
        Assert.Equal("article-cnn", meant.Architecture!.Name);
    }

    [Fact]
    public void Fill_FieldsThatAreGiven_Win()
    {
        var request = Read("""
            {"dataset":"d","recipe":"article","epochs":3,"optimizer":{"learningRate":0.5},"schedule":{"name":"cosine"}}
            """);

        Assert.Equal((3, 32, 0.5, "adam"),
            (request.Epochs, request.BatchSize, request.Optimizer.LearningRate, request.Optimizer.Name.ToWireName()));
        Assert.Equal("cosine", request.Schedule.Name.ToWireName());
    }

    /// <summary>A start alone is looked through, not trained on at some rate: that would take long and spoil it.</summary>
    [Theory]
    [InlineData("""{"dataset":"d","startFrom":"m"}""", true)]
    [InlineData("""{"dataset":"d","model":"n","seed":7,"startFrom":{"pretrained":"resnet18-mlnet"}}""", true)]
    [InlineData("""{"dataset":"d","startFrom":"m","epochs":3}""", false)]
    [InlineData("""{"dataset":"d","startFrom":"m","freeze":["*"]}""", false)]
    [InlineData("""{"dataset":"d","startFrom":"m","recipe":"article"}""", false)]
    [InlineData("""{"dataset":"d"}""", false)]
    public void Fill_OfAStartAlone_FitsAClassifier(string request, bool isFitted)
    {
        Assert.Equal(isFitted, RecipeCatalog.Fill(Json(request)).TryGetProperty("classifier", out _));
        Assert.Equal(isFitted, RecipeCatalog.Explain(Json(request)).Recipe?.Name == "quick");
    }

    [Fact]
    public void Fill_OfQuick_StartsFromThePretrainedNetworkAndFitsAClassifier()
    {
        var quick = Read("""{"dataset":"d","recipe":"quick","classifier":{"regularization":0.5}}""");

        Assert.Equal(("resnet18-mlnet", 0.5, 1), (quick.StartFrom!.Pretrained, quick.Classifier!.Regularization, quick.Classifier.Views));
        Assert.Equal("own", Read("""{"dataset":"d","recipe":"quick","startFrom":{"model":"own"}}""").StartFrom!.Model);
    }

    [Theory]
    [InlineData("""{"dataset":"d","recipe":"slow"}""", "recipe")]
    [InlineData("""{"dataset":"d","recipe":7}""", "recipe")]
    [InlineData("""{"dataset":"d","recipe":"article","recipe":"article"}""", "recipe")]
    [InlineData("""{"dataset":"d","recipe":"quick","dataset":"d"}""", "dataset")]
    [InlineData("""{"dataset":"d","recipe":"quick","epochs":3}""", "epochs")]
    [InlineData("""{"dataset":"d","recipe":"quick","imageSize":64}""", "imageSize")]
    [InlineData("""{"dataset":"d","recipe":"quick","classifier":{"views":11}}""", "classifier.views")]
    [InlineData("""{"dataset":"d","recipe":"quick","classifier":{"views":0}}""", "classifier.views")]
    [InlineData("""{"dataset":"d","recipe":"quick","classifier":{"regularization":0}}""", "classifier.regularization")]
    [InlineData("""{"dataset":"d","recipe":"quick","\ud800":1}""", "?")]
    [InlineData("""{"dataset":"d","classifier":{}}""", "classifier")]
    public void Read_ARecipeThatBreaksARule_NamesTheField(string json, string path)
    {
        var errors = new ValidationErrors();

        TrainRequestReader.Read(Json(json), errors);

        Assert.Equal([path], errors.ToDictionary().Keys);
    }

    [Fact]
    public void Explain_SaysWhatWasChosen()
    {
        Assert.Equal("article", RecipeCatalog.Explain(Json("""{"dataset":"d"}""")).Recipe?.Name);
        Assert.Equal(30, RecipeCatalog.Explain(Json("""{"dataset":"d"}""")).Request.GetProperty("epochs").GetInt32());
        Assert.Equal("quick", RecipeCatalog.Explain(Json("""{"dataset":"d","recipe":"quick"}""")).Recipe?.Name);
        Assert.Null(RecipeCatalog.Explain(Json("""{"dataset":"d","startFrom":"m","freeze":["*"]}""")).Recipe);
        Assert.Equal("article", RecipeCatalog.Explain(Json("""{"dataset":"d","recipe":null}""")).Recipe?.Name);
    }

    private static TrainRequest Read(string json)
    {
        var errors = new ValidationErrors();
        var request = TrainRequestReader.Read(Json(json), errors);
        Assert.False(errors.Any, Some.Text(errors));
        return request!;
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
