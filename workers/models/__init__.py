"""The pool's tables: who a worker is, what they can do, when they are free, what an hour costs."""

from .availability import AvailabilityException as AvailabilityException
from .availability import AvailabilityWindow as AvailabilityWindow
from .catalogue import MOST_LEVEL as MOST_LEVEL
from .catalogue import CertificateType as CertificateType
from .catalogue import Clearance as Clearance
from .catalogue import Course as Course
from .catalogue import Language as Language
from .catalogue import Level as Level
from .catalogue import ServiceType as ServiceType
from .catalogue import Skill as Skill
from .changes import PoolChange as PoolChange
from .commitment import Commitment as Commitment
from .consent import PositionConsent as PositionConsent
from .people import Worker as Worker
from .people import WorkerCertificate as WorkerCertificate
from .people import WorkerCourse as WorkerCourse
from .people import WorkerLanguage as WorkerLanguage
from .people import WorkerSkill as WorkerSkill
from .policy import PoolPolicy as PoolPolicy
from .rates import RateCard as RateCard
from .training import TrainingTask as TrainingTask
