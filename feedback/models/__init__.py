"""The tables of suggestions and what becomes of them; one aggregate a file."""

from feedback.models.guess import GUESSED_KINDS, ClassifierModel, PostGuess, What
from feedback.models.judgement import Judgement, Verdict
from feedback.models.merge import Merge, MergeProposal
from feedback.models.plan import Plan, PlanLine
from feedback.models.release import Credit, Release
from feedback.models.roadmap import RoadmapColumn, RoadmapItem
from feedback.models.score import ClusterCohort, ClusterPersona, ClusterScore, ClusterVoter, ScoreConfig, ScoreSnapshot
from feedback.models.similar import SimilarPosting, SimilarTerm, SimilarText
from feedback.models.suggestion import Department, InternalNote, Status, StatusChange, Suggestion
from feedback.models.vote import ImportedVotes, Need, Vote

__all__ = [
    "ClassifierModel",
    "GUESSED_KINDS",
    "PostGuess",
    "What",
    "ClusterCohort",
    "ClusterPersona",
    "ClusterScore",
    "ClusterVoter",
    "Credit",
    "Department",
    "ImportedVotes",
    "InternalNote",
    "Judgement",
    "Merge",
    "MergeProposal",
    "Need",
    "Plan",
    "PlanLine",
    "Release",
    "RoadmapColumn",
    "RoadmapItem",
    "ScoreConfig",
    "ScoreSnapshot",
    "SimilarPosting",
    "SimilarTerm",
    "SimilarText",
    "Status",
    "StatusChange",
    "Suggestion",
    "Verdict",
    "Vote",
]
